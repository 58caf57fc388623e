Feature: A story travels from a distributor's desk to every distributor's inbox

  Scenario Outline: a story written in <language> by a firm in <country>
    Given a network whose people read <language>
    And an author in <country>
    And an issue that an editor plans
    When the author writes every part of a story
    And adds a photo with a text for those who do not see it
    And submits it with both ticks
    Then the author sees who has it
    And a campaigner of the area has it on the desk
    When the campaigner asks for a change beside a paragraph
    Then the request lies in the author's mail
    When the author answers, changes the paragraph and submits again
    Then the campaigner sees the answer and what changed
    When the campaigner approves
    And a campaigner of another region approves
    And its whole text stands in English, read by a second person
    And an editor makes it ready with the issue
    And the editor introduces it and freezes the issue
    Then no reader finds it yet
    When the minute of the release comes
    Then the bulletin lies in the contact's mailbox
    And a reader finds the story with the word marked
    And reads it with its figures in their own digits
    And opens the issue it came with
    And opens it as one A3 sheet

    Examples:
      | language | country |
      | en       | KE      |
      | ar       | SA      |
