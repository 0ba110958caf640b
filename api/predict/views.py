"""What the live mood model says of texts that anybody sends: `/api/predict/`."""

from typing import Any

from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from api.http.auth import ProgramTokens, Scopes
from api.http.params import parse_body, refuse_unknown_parameters
from api.http.parsers import BoundedJSONParser
from api.http.throttles import PredictionThrottle
from api.predict import schema
from api.predict.serializers import PredictRequest
from ml.moods.text import VideoText
from songs.predictions import predict

DECIMALS = 4


@schema.PREDICT
class Predict(GenericAPIView):
    """POST texts; the answer is what the mood model says of each, and why.

    Nothing is stored, so nobody needs an account or a CSRF token.
    """

    serializer_class = PredictRequest
    authentication_classes = [ProgramTokens]
    permission_classes = [Scopes]
    scope = Scope.PREDICT
    parser_classes = [BoundedJSONParser]
    throttle_classes = [PredictionThrottle]

    def post(self, request: Request) -> Response:
        refuse_unknown_parameters(request)
        sent = parse_body(request, self.serializer_class)
        texts = [
            VideoText(text["title"], text["description"], tuple(text["tags"]))
            for text in sent["texts"]
        ]
        return Response(_answer(predict.explain(texts)))


def _answer(explained: predict.Explained) -> dict[str, Any]:
    pairs = zip(explained.predictions, explained.terms, strict=True)
    return {
        "model": explained.version,
        "predictions": [
            {
                "mood": prediction.mood,
                "second": prediction.second,
                "sure": prediction.sure,
                "scores": {k: round(v, DECIMALS) for k, v in prediction.scores.items()},
                "why": [
                    {"phrase": phrase, "weight": round(weight, DECIMALS)}
                    for phrase, weight in terms
                ],
            }
            for prediction, terms in pairs
        ],
    }
