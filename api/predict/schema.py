"""The prose of the OpenAPI document about `/api/predict/`."""

from api.openapi.errors import SCOPE
from api.openapi.responses import public_post, request_example, response_example
from api.predict.serializers import MAX_TEXTS, PredictRequest, PredictSerializer

MOOD_MODEL = ["The mood model"]

PREDICT = public_post(
    "predict",
    "What the model says of texts",
    f"For anybody, and tokens with the scope `predict`. 1 to {MAX_TEXTS} texts, within 1 MiB; the answer has one "
    "entry for each, in their order: the two likeliest moods, whether the model "
    "is sure, the probability of each of the six, and the words that pushed the "
    "likeliest. Today's recipe reads title and description; tags are accepted "
    "and not read. Nothing is stored. 503 `model_refused` where the model's "
    "file is not the one that was trained.",
    PredictRequest,
    PredictSerializer,
    request_example(
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
    response_example(
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
    tags=MOOD_MODEL,
    statuses=(200,),
    refused=(
        SCOPE,
        {503: "model_refused"},
    ),
)
