"""What the demonstration tells, free of any tracker: the teams' tickets as data, dated from today."""

from service.demo.story.model import Sprint, Story, TeamStory, Ticket
from service.demo.story.story_file import tell

__all__ = ["Sprint", "Story", "TeamStory", "Ticket", "tell"]
