"""What people type about themselves and each other."""

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from gkc_site.accounts.models import Invitation
from network.localize import zone_choices
from network.models import Dealer, Membership, User


class InvitationForm(forms.ModelForm):
    """Whom to invite to one distributor."""

    language = forms.ChoiceField(label=_("Language of the invitation"), choices=settings.LANGUAGES)
    contact = forms.ChoiceField(label=_("Role in the firm"), required=False)

    class Meta:
        model = Invitation
        fields = ["email", "first_name", "last_name", "language", "dealer", "contact"]

    def __init__(self, *args, distributor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["dealer"].queryset = Dealer.objects.filter(
            distributor=distributor, is_active=True
        )
        has_first = Membership.objects.current().filter(distributor=distributor, contact="first")
        choices = [("", _("member")), ("deputy", _("deputy"))]
        if not has_first.exists():
            choices.append(("first", _("first contact")))
        self.fields["contact"].choices = choices
        if distributor.languages:
            self.fields["language"].initial = distributor.languages[0]


class AcceptForm(forms.Form):
    """What an invited person sets: name, password, interface language."""

    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    language = forms.ChoiceField(label=_("Interface language"), choices=settings.LANGUAGES)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters. A sentence of your own is good."),
    )

    def __init__(self, *args, email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("password"):
            person = User(
                email=self.email,
                first_name=cleaned.get("first_name", ""),
                last_name=cleaned.get("last_name", ""),
            )
            try:
                validate_password(cleaned["password"], person)
            except forms.ValidationError as weak:
                self.add_error("password", weak)
        return cleaned


class ProfileForm(forms.ModelForm):
    """A person's own profile; the further languages have a form of their own."""

    interface_language = forms.ChoiceField(
        label=_("Interface language"), choices=settings.LANGUAGES
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))
    years_of_experience = forms.IntegerField(
        label=_("Years of experience"), required=False, min_value=0, max_value=60
    )

    class Meta:
        model = User
        fields = [
            "first_name",
            "last_name",
            "interface_language",
            "time_zone",
            "mail_rhythm",
            "post",
            "years_of_experience",
        ]
        labels = {
            "first_name": _("First name"),
            "last_name": _("Last name"),
            "mail_rhythm": _("Mail from the centre"),
            "post": _("Post"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zone_choices(self.instance.time_zone)


class LeaveForm(forms.Form):
    """Who follows a first contact who leaves."""

    successor = forms.ModelChoiceField(
        label=_("New first contact"), queryset=Membership.objects.none(), required=False
    )

    def __init__(self, *args, membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = (
            Membership.objects.current()
            .filter(distributor=membership.distributor_id)
            .exclude(pk=membership.pk)
            .select_related("user", "distributor")
        )
        self.fields["successor"].label_from_instance = lambda m: m.user.display_name


class NameContactForm(forms.Form):
    """A member's place among the firm's contacts."""

    contact = forms.ChoiceField(choices=Membership.Contact.choices, required=False)
