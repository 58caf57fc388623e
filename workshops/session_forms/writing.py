"""What is written to participants and for them: messages, materials, letters."""

import uuid

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.languages import autonym, codes
from workshops.models import Material, MaterialKind
from workshops.session_forms.fields import DAY, SELECT, TEXT, click_key
from workshops.transitions.messaging import MAX_BODY, MAX_SUBJECT, WRITABLE


class MessageForm(forms.Form):
    """A message in one or more languages. `once` makes a second click send nothing."""

    TO = [
        ("enrolled", gettext_lazy("Everybody with a seat")),
        ("waiting", gettext_lazy("Everybody on the waiting list")),
        ("all", gettext_lazy("Everybody with a seat or a place in line")),
        ("attended", gettext_lazy("Everybody who attended")),
        ("no_show", gettext_lazy("Everybody who did not come")),
        ("chosen", gettext_lazy("Those ticked below")),
    ]
    STATES = {
        "enrolled": ("enrolled",),
        "waiting": ("waiting", "offered"),
        "all": ("enrolled", "waiting", "offered", "requested", "nominated"),
        "attended": ("attended",),
        "no_show": ("no_show",),
        "chosen": WRITABLE,
    }
    once = forms.UUIDField(widget=forms.HiddenInput)
    to = forms.ChoiceField(label=gettext_lazy("To whom"), choices=TO, widget=forms.Select(SELECT))

    def __init__(
        self, data=None, *, languages: list[str], to: str = "enrolled", may_choose: bool = True
    ):
        super().__init__(data, initial={"once": uuid.uuid4(), "to": to}, auto_id="message-%s")
        self.languages = languages
        if not may_choose:
            self.fields["to"].choices = self.TO[:-1]
        for code in languages:
            self.fields[f"subject-{code}"] = forms.CharField(
                label=_("Subject"),
                required=False,
                max_length=MAX_SUBJECT,
                widget=forms.TextInput({"class": "input", "dir": "auto"}),
            )
            self.fields[f"body-{code}"] = forms.CharField(
                label=_("Text"),
                required=False,
                max_length=MAX_BODY,
                widget=forms.Textarea({"class": "area", "rows": 6, "dir": "auto"}),
            )

    @property
    def texts_rows(self) -> list[dict]:
        """Each language with its bound fields; open where something stands in it."""
        found = []
        for code in self.languages:
            subject, body = self[f"subject-{code}"], self[f"body-{code}"]
            found.append(
                {
                    "code": code,
                    "subject": subject,
                    "body": body,
                    "filled": bool(subject.value() or body.value()),
                }
            )
        return found

    def texts(self) -> dict[str, tuple[str, str]]:
        """Language → (subject, text), as typed."""
        given = self.cleaned_data
        return {code: (given[f"subject-{code}"], given[f"body-{code}"]) for code in self.languages}

    def key(self, *further) -> str:
        """Names this message; `further` is whom it is for."""
        return str(click_key(self.cleaned_data["once"], self.texts(), self.states, *further))

    @property
    def states(self) -> tuple[str, ...]:
        return self.STATES[self.cleaned_data["to"]]


class MaterialForm(forms.ModelForm):
    """A file, or a section or story by its key. `once` makes a second click add nothing."""

    once = forms.UUIDField(required=False, widget=forms.HiddenInput)
    upload = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("PDF, Word, Excel, PowerPoint or a short MP4 film, up to 25 MB."),
        required=False,
        widget=forms.FileInput({"class": "input"}),
    )

    class Meta:
        model = Material
        fields = ["kind", "title", "language", "reference", "note", "for_trainers"]
        widgets = {
            "kind": forms.Select(SELECT),
            "title": forms.TextInput({"class": "input", "dir": "auto"}),
            "reference": forms.TextInput(TEXT),
            "note": forms.TextInput({"class": "input", "dir": "auto"}),
        }
        help_texts = {
            "title": gettext_lazy("Empty: the file’s name, or the title of the text."),
            "reference": gettext_lazy(
                "The last part of the section’s address, such as go-and-see; "
                "or the story’s number, such as 2026-0533."
            ),
        }

    def __init__(self, data=None, files=None, *, newest: Material | None = None, **kwargs):
        initial = (
            {name: getattr(newest, name) for name in ("title", "language", "for_trainers")}
            if newest
            else {}
        )
        initial["once"] = uuid.uuid4()
        super().__init__(data, files, initial=initial, auto_id="material-%s", **kwargs)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"),
            choices=[("", _("Any")), *((code, autonym(code)) for code in codes())],
            required=False,
            initial=initial.get("language", ""),
            widget=forms.Select(SELECT),
        )
        if newest is not None:
            del self.fields["kind"], self.fields["once"]
            if newest.kind == MaterialKind.FILE:
                del self.fields["reference"]
            else:
                del self.fields["upload"]
                self.fields["reference"].initial = newest.reference

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("once"):
            names = ("kind", "title", "language", "reference")
            file = cleaned.get("upload")
            typed = [cleaned.get(name) for name in names] + ([file.name, file.size] if file else [])
            cleaned["once"] = click_key(cleaned["once"], typed)
        return cleaned


class LetterForm(forms.Form):
    """What a letter of invitation says beside what the site knows; nothing of it is kept."""

    language = forms.ChoiceField(
        label=gettext_lazy("Second language"),
        help_text=gettext_lazy("English stands beside it."),
        widget=forms.Select(SELECT),
    )
    passport = forms.CharField(
        label=gettext_lazy("Number of the passport"),
        help_text=gettext_lazy("Printed in the letter, and not kept."),
        required=False,
        max_length=40,
        widget=forms.TextInput(TEXT),
    )
    born_on = forms.DateField(
        label=gettext_lazy("Date of birth"),
        help_text=gettext_lazy("Printed in the letter, and not kept."),
        required=False,
        widget=forms.DateInput(DAY, format="%Y-%m-%d"),
    )
    pays = forms.ChoiceField(
        label=gettext_lazy("Travel and stay are paid by"),
        choices=[
            ("", gettext_lazy("Say nothing")),
            ("firm", gettext_lazy("The person’s distributor")),
            ("host", gettext_lazy("The host")),
        ],
        required=False,
        widget=forms.Select(SELECT),
    )

    def __init__(self, data=None, *, initial=None):
        super().__init__(data, initial=initial or {}, auto_id="letter-%s")
        self.fields["language"].choices = [
            (code, autonym(code)) for code in codes() if code != "en"
        ]
