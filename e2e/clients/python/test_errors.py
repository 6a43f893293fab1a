"""What boto3 raises, and requests that no SDK would send."""

import datetime
import json
import urllib.error
import urllib.request

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.exceptions
import pytest

ELSEWHERE = "arn:aws:ivs:us-east-1:111111111111:stage/abcdefghijkl"
OTHER_REGION = "arn:aws:ivs:eu-west-1:000000000000:stage/abcdefghijkl"
NO_ARN = "arn:aws:s3:us-east-1:000000000000:stage/abcdefghijkl"


@pytest.mark.parametrize(
    "arn, status, code",
    [
        (ELSEWHERE, 403, "AccessDeniedException"),
        (OTHER_REGION, 404, "ResourceNotFoundException"),
        (NO_ARN, 400, "ValidationException"),
    ],
)
def test_an_arn_that_cannot_be_ours(ivs, arn, status, code):
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        ivs.get_stage(arn=arn)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert refused.value.response["Error"]["Code"] == code


def test_a_page_token_that_was_tampered_with(ivs, stage, start):
    start(), start()
    token = ivs.list_compositions(maxResults=1)["nextToken"]
    for wrong in ("A" + token[1:] if token[0] != "A" else "B" + token[1:], token[:-1], "x"):
        with pytest.raises(ivs.exceptions.ValidationException, match="nextToken"):
            ivs.list_compositions(maxResults=1, nextToken=wrong)
    # A token of one list is none of another's.
    with pytest.raises(ivs.exceptions.ValidationException, match="nextToken"):
        ivs.list_stages(maxResults=1, nextToken=token)


def client(ivs, **changed):
    credentials = boto3.Session().get_credentials()
    settings = {
        "aws_access_key_id": credentials.access_key,
        "aws_secret_access_key": credentials.secret_key,
        "region_name": ivs.meta.region_name,
        "endpoint_url": ivs.meta.endpoint_url,
    }
    return boto3.client("ivs-realtime", **(settings | changed))


@pytest.mark.parametrize(
    "changed, code",
    [
        ({"aws_secret_access_key": "wrong"}, "InvalidSignatureException"),
        ({"aws_access_key_id": "AKIAUNKNOWN"}, "UnrecognizedClientException"),
        ({"region_name": "eu-west-1"}, "InvalidSignatureException"),
        ({"aws_session_token": "of-nobody"}, "UnrecognizedClientException"),
    ],
)
def test_credentials_that_are_not_the_nodes(ivs, changed, code):
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        client(ivs, **changed).list_stages()
    assert refused.value.response["Error"]["Code"] == code
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


class Signed:
    """A request signed by botocore, of which a test then changes something."""

    def __init__(self, ivs, path, body, method="POST"):
        self.url = ivs.meta.endpoint_url + path
        self.method = method
        self.body = body
        self.request = botocore.awsrequest.AWSRequest(
            method=method, url=self.url, data=body, headers={"Content-Type": "application/json"}
        )
        signer = botocore.auth.SigV4Auth(boto3.Session().get_credentials(), "ivs", ivs.meta.region_name)
        signer.add_auth(self.request)
        self.headers = dict(self.request.headers.items())

    def send(self):
        request = urllib.request.Request(self.url, data=self.body, headers=self.headers, method=self.method)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, "", json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.headers["x-amzn-errortype"], json.load(refused)


@pytest.mark.parametrize(
    "path, body, status, code, text",
    [
        ("/CreateStage", b"{", 400, "SerializationException", "JSON"),
        ("/CreateStage", b'{"name":"\xff"}', 400, "SerializationException", ""),
        ("/CreateStage", b'{"name":"a","name":"b"}', 400, "SerializationException", "name"),
        ("/CreateStage", b"[]", 400, "SerializationException", ""),
        ("/CreateStage", b'{"name":5}', 400, "ValidationException", "name"),
        ("/CreateStage", b'{"tags":{"a":1}}', 400, "ValidationException", "tags"),
        ("/CreateStage", b'{"x":' * 500 + b"1" + b"}" * 500, 400, "SerializationException", ""),
        ("/CreateStages", b"{}", 404, "UnknownOperationException", "CreateStages"),
        ("/GetStage", b"{}", 400, "ValidationException", "arn"),
    ],
    ids=lambda value: value[:24].decode("latin1") if isinstance(value, bytes) else None,
)
def test_a_wrong_body(ivs, path, body, status, code, text):
    got, name, answer = Signed(ivs, path, body).send()
    assert (got, name) == (status, code)
    assert text in answer["exceptionMessage"]
    assert answer["message"] == answer["exceptionMessage"]


def test_a_wrong_method(ivs):
    request = Signed(ivs, "/CreateStage", None, "GET")
    assert request.send()[:2] == (404, "UnknownOperationException")


def test_a_request_without_a_signature(ivs):
    request = Signed(ivs, "/ListStages", b"{}")
    del request.headers["Authorization"]
    assert request.send()[:2] == (403, "MissingAuthenticationTokenException")


def test_a_body_that_was_changed_after_it_was_signed(ivs):
    request = Signed(ivs, "/ListStages", b"{}")
    request.body = b"{ }"
    assert request.send()[:2] == (403, "InvalidSignatureException")


def test_a_header_that_was_added_after_the_signature(ivs):
    request = Signed(ivs, "/ListStages", b"{}")
    request.headers["X-Amz-Target"] = "smuggled"
    assert request.send()[:2] == (403, "InvalidSignatureException")


def test_a_request_that_is_replayed_past_the_window(ivs, monkeypatch):
    class Past(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.datetime.now(tz) - datetime.timedelta(minutes=6)

        @classmethod
        def utcnow(cls):
            return cls.now(datetime.timezone.utc).replace(tzinfo=None)

    monkeypatch.setattr(botocore.auth, "get_current_datetime", Past.utcnow, raising=False)
    request = Signed(ivs, "/ListStages", b"{}")
    stamp = datetime.datetime.strptime(request.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ")
    age = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) - stamp
    assert age > datetime.timedelta(minutes=5), "the signature is not old; botocore reads its clock elsewhere now"
    assert request.send()[:2] == (403, "InvalidSignatureException")


def test_a_presigned_url_works_as_a_signed_request_does(ivs, stage):
    url = ivs.generate_presigned_url("list_tags_for_resource", Params={"resourceArn": stage}, ExpiresIn=60)
    with urllib.request.urlopen(url) as answer:
        assert json.load(answer) == {"tags": {}}
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url.replace("X-Amz-Expires=60", "X-Amz-Expires=61"))
    with refused.value:
        assert refused.value.code == 403


def test_every_answer_carries_date_and_a_request_id_of_its_own(ivs):
    answers = [ivs.list_stages()["ResponseMetadata"] for _ in range(3)]
    assert all("date" in answer["HTTPHeaders"] for answer in answers)
    assert len({answer["RequestId"] for answer in answers}) == 3
