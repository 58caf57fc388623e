Feature: Readers stop the line, and regions add to the standard

  Scenario Outline: a reader in <language> stops the line at a paragraph
    Given the book in English, Arabic and Japanese
    And a reader of <language>
    When the reader opens a section
    And marks a defect at its third paragraph
    Then the mark stands at that paragraph
    When an editor answers that the text stands
    Then the mark is gone
    And the answer lies in the reader's mail

    Examples:
      | language |
      | en       |
      | ar       |
      | ja       |

  Scenario Outline: a campaigner adds a local note in <language>
    Given the book in English, Arabic and Japanese
    And a campaigner and a reader of a region, who read <language>
    When the campaigner adds a local note to the third paragraph
    Then the reader finds it beside the standard
    And a reader of another region looks at it by choice
    And a visitor does not find it
    When the meaning of the standard changes
    Then the note is marked, and waits for its campaigner
    When the campaigner says that it is still right
    Then the note is no longer marked

    Examples:
      | language |
      | en       |
      | ar       |

  Scenario Outline: a term is explained in place in <language>
    Given the book in English, Arabic and Japanese
    And a reader of <language>
    When a paragraph uses a term
    And the reader presses its button by keyboard
    Then its meaning opens in place
    And leads to the glossary

    Examples:
      | language |
      | en       |
      | ja       |
