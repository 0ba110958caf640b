"""The licence passport of a video, and the Content ID claims that people report."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.http.fields import TextField
from songs.licensing.risk import Level
from songs.models.video import Gone

CHANGES = ["licence", "embeddable", "gone"]
MAX_CLAIMANT, MAX_DETAILS = 200, 2_000


class VerifiedSerializer(serializers.Serializer):
    """The licence at YouTube, and when it was last verified."""

    licence = serializers.CharField(help_text="`creativeCommon` (CC BY) or `youtube`.")
    at = serializers.DateTimeField()


class ChangeSerializer(serializers.Serializer):
    """One fact that changed at YouTube, and when; null is "not known"."""

    at = serializers.DateTimeField()
    what = serializers.ChoiceField(CHANGES)
    before = serializers.SerializerMethodField()
    after = serializers.SerializerMethodField()

    @extend_schema_field({"type": ["string", "boolean", "null"]})
    def get_before(self, change: object) -> str | bool | None:
        return change.before

    @extend_schema_field({"type": ["string", "boolean", "null"]})
    def get_after(self, change: object) -> str | bool | None:
        return change.after


class ClaimsSerializer(serializers.Serializer):
    """Reports of Content ID claims that a person here has accepted."""

    accepted = serializers.IntegerField(min_value=0)
    last = serializers.DateTimeField(allow_null=True)


class AttributionSerializer(serializers.Serializer):
    """The credit, ready to be pasted; what uploaders wrote is escaped."""

    text = serializers.CharField()
    html = serializers.CharField()
    markdown = serializers.CharField()
    note = serializers.CharField(
        allow_null=True, help_text="What the credit lacks, and why; null if nothing."
    )


class SafetyReasonSerializer(serializers.Serializer):
    """One reason, and how far it alone lowers the statement."""

    code = serializers.CharField(
        help_text="licence, verified, embeddable, regions, uploader, channel, claims; "
        "gone, sample."
    )
    level = serializers.ChoiceField([*Level])
    text = serializers.CharField()


class SafetySerializer(serializers.Serializer):
    """How safe a use seems; the worst reason decides. Never a promise."""

    level = serializers.ChoiceField([*Level])
    summary = serializers.CharField()
    reasons = SafetyReasonSerializer(many=True)


class PassportSerializer(serializers.Serializer):
    """All that is known here about the licence of one video."""

    video_id = serializers.CharField(source="video.video_id")
    video_title = serializers.CharField(source="video.video_title", allow_null=True)
    link = serializers.URLField(source="video.watch_url")
    channel_id = serializers.CharField(source="video.channel_id", allow_null=True)
    channel_title = serializers.CharField(source="video.channel_title", allow_null=True)
    licence = serializers.CharField(
        source="video.licence",
        allow_null=True,
        help_text="What is kept of it now; null: not known, or past its 30 days.",
    )
    verified = VerifiedSerializer(
        allow_null=True, help_text="Kept for good, also once the video is gone."
    )
    first_seen = serializers.DateTimeField(source="video.first_seen")
    gone_since = serializers.DateTimeField(source="video.gone_since", allow_null=True)
    gone_why = serializers.ChoiceField(
        Gone.choices, source="video.gone_why", allow_null=True
    )
    changes = ChangeSerializer(many=True, help_text="The latest first.")
    claims = ClaimsSerializer()
    attribution = AttributionSerializer()
    safe_to_use = SafetySerializer()


class ClaimRequest(serializers.Serializer):
    """A Content ID claim that somebody met with who used the music."""

    claimant = TextField(
        max_length=MAX_CLAIMANT, help_text="Who claims, as YouTube Studio names them."
    )
    details = TextField(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_DETAILS,
        help_text="For the reviewers only: what is claimed, and where.",
    )


class ClaimSerializer(serializers.Serializer):
    """The report that stands: of an address, for a video, on a day."""

    video_id = serializers.CharField()
    claimant = serializers.CharField()
    at = serializers.DateTimeField()
    detail = serializers.CharField(help_text="What becomes of it, for a person.")
