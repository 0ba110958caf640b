"""The prose of the OpenAPI document about `/api/predict/`."""

from drf_spectacular.utils import extend_schema, extend_schema_view

from api.openapi.errors import BODY, SCOPE, errors
from api.openapi.responses import ANYBODY, answered, asked
from api.predict.serializers import MOST_TEXTS, PredictRequest, PredictSerializer

MOOD_MODEL = ["The mood model"]

PREDICT = extend_schema_view(
    post=extend_schema(
        tags=MOOD_MODEL,
        auth=ANYBODY,
        operation_id="predict",
        summary="What the model says of texts",
        description=(
            f"For anybody, and tokens with the scope `predict`. 1 to {MOST_TEXTS} texts, within 1 MiB; the answer has one "
            "entry for each, in their order: the two likeliest moods, whether the model "
            "is sure, the probability of each of the six, and the words that pushed the "
            "likeliest. Today's recipe reads title and description; tags are accepted "
            "and not read. Nothing is stored. 503 `model_refused` where the model's "
            "file is not the one that was trained."
        ),
        request=PredictRequest,
        responses={
            200: PredictSerializer,
            **errors(BODY, SCOPE, {503: "model_refused"}),
        },
        examples=[
            asked(
                "One text",
                {
                    "texts": [
                        {
                            "title": "Chillhop study beats",
                            "description": "Relax.",
                            "tags": ["lofi"],
                        }
                    ]
                },
            ),
            answered(
                "What the model says",
                {
                    "model": "shipped-lexicon-tfidf-e923b983",
                    "predictions": [
                        {
                            "mood": "CHILL",
                            "second": "SAD",
                            "sure": False,
                            "scores": {
                                "ANGRY": 0.0245,
                                "CHILL": 0.5466,
                                "CONFIDENT-SASSY": 0.1015,
                                "HAPPY": 0.1294,
                                "IN-LOVE": 0.0543,
                                "SAD": 0.1437,
                            },
                            "why": [
                                {"phrase": "Relax", "weight": 0.9612},
                                {"phrase": "Chillhop", "weight": 0.2831},
                            ],
                        }
                    ],
                },
            ),
        ],
    )
)
