#!/usr/bin/env python3
"""Sends a list to Linkhaul, waits for its end and prints what came. Python 3.8 or newer, nothing else.

    python3 examples/linkhaul_example.py examples/domains.txt bulk_backlinks

LINKHAUL_URL (http://127.0.0.1:8080) says where the service is, LINKHAUL_API_KEY holds the key where it needs one.
"""
import json
import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlencode

SERVICE = os.environ.get("LINKHAUL_URL", "http://127.0.0.1:8080").rstrip("/")
KEY = os.environ.get("LINKHAUL_API_KEY")
AUTHORIZATION = {"Authorization": "Bearer " + KEY} if KEY else {}


def ask(path, body=None, headers={}):
    """One request; a body makes it a POST. A refusal ends the program with what the service says to do."""
    request = urllib.request.Request(SERVICE + path, body, {**AUTHORIZATION, **headers})
    try:
        return urllib.request.urlopen(request, timeout=120)
    except urllib.error.HTTPError as error:
        sys.exit("HTTP %d: %s" % (error.code, json.load(error)["detail"]))
    except urllib.error.URLError as error:
        sys.exit("No answer from %s: %s" % (SERVICE, error.reason))


def run(targets, **fields):
    """Submits targets as a job, one per line, and returns the job when it is finished or paused."""
    job = json.load(ask("/v1/jobs?" + urlencode(fields), "\n".join(targets).encode(), {"Content-Type": "text/plain"}))
    while job["finished_at"] is None and job["status"] != "paused":
        print("%3.0f %%  %s" % (100 * job["progress"], job["status"]), file=sys.stderr)
        job = json.load(ask("/v1/jobs/%s?wait_ms=5000" % job["id"]))
    return job


def results(job):
    """The results of a job, as they come."""
    for line in ask("/v1/jobs/%s/results?format=ndjson" % job["id"]):
        yield json.loads(line)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: linkhaul_example.py FILE ENDPOINT")
    with open(sys.argv[1], encoding="utf-8") as file:
        job = run(file.read().splitlines(), endpoint=sys.argv[2], tag="python-example")
    for result in results(job):
        print(result["line"], result["target"] or result["input"], result["status"], json.dumps(result["data"]), sep="\t")
    print(job["status"], job["outcome"] or job["reason"], "for $%.6f" % job["cost"]["spent_usd"], file=sys.stderr)
    sys.exit(0 if job["outcome"] == "complete" else 1)
