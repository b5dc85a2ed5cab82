"""Verifies webhooks of Linkhaul, signed by Standard Webhooks 1.0. Python 3.8 or newer, nothing else."""
import base64
import hashlib
import hmac
import json
import time


def verify_webhook(secret, headers, body, tolerance_s=300):
    """The event of a delivery that is signed and fresh (Standard Webhooks 1.0), else ValueError. The body as it came."""
    event_id, seconds = headers["webhook-id"], headers["webhook-timestamp"]
    key = base64.b64decode(secret[len("whsec_"):])
    content = ("%s.%s." % (event_id, seconds)).encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    given = headers["webhook-signature"].split(" ")
    if not any(hmac.compare_digest(expected, signature) for signature in given):
        raise ValueError("the signature is not of this body and secret")
    if abs(time.time() - int(seconds)) > tolerance_s:
        raise ValueError("the delivery is too old: it may be a replay")
    return json.loads(body)
