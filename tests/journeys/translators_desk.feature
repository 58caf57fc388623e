Feature: The book's languages follow its English text, by the hands of its translators

  Scenario: An edit in English is translated at the desk
    Given a book in English, Japanese, Arabic, Spanish and Persian
    When an editor changes the meaning of a paragraph in English and publishes it
    Then exactly that paragraph says in Arabic, Spanish and Persian that its original changed
    And exactly that paragraph is to be compared in Japanese
    When a translator of each of the three languages translates it at the desk
    Then readers still see it marked, until it is read
    When a second person of each of the three languages reads it
    Then no paragraph says that its original changed
    When the editor finds that the Japanese still says the same
    Then nothing is to be compared

  Scenario: Two translators at one paragraph
    Given a book in English, Japanese, Arabic, Spanish and Persian
    And an editor changed a paragraph in English
    When two translators of Arabic write at it, and one is faster
    Then the slower one is told while typing
    And sees both texts, and keeps the words of the faster one
    And the words that were not taken stand beside the paragraph

  Scenario: A translator asks the editor
    Given a book in English, Japanese, Arabic, Spanish and Persian
    And an editor changed a paragraph in English
    When a translator of Arabic asks the editor about it
    Then the editor finds the question waiting, and answers
    And a translator of Spanish reads the answer at the paragraph
