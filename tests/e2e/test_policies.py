"""The policy functions, against an evaluator that nobody here wrote: moto's own, for what it can tell
(identity policies by Action, NotAction and Resource; its conditions and principals are not AWS's)."""

import json
import random

from moto.iam.access_control import IAMPolicy, PermissionResult

PAIRS = 1500
BATCH = 150
ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:PutObjectAcl", "logs:PutLogEvents", "kms:Decrypt"]
RESOURCES = ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/key", "arn:aws:s3:::bucket/deep/key",
             "arn:aws:s3:::other/key", "arn:aws:logs:us-east-1:111111111111:log-group:g:log-stream:s",
             "arn:aws:kms:us-east-1:111111111111:key/k"]
LISTED_ACTIONS = ["*", "s3:*", "s3:Put*", "s3:GetObject", "s3:*Object", "logs:*", "kms:Decrypt",
                  "kms:*crypt"]
LISTED_RESOURCES = ["*", "arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*", "arn:aws:s3:::b*",
                    "arn:aws:s3:::*/key", "arn:aws:logs:*:111111111111:log-group:g:*",
                    "arn:aws:kms:us-east-1:*:key/*"]


def some(dice, texts):
    chosen = dice.sample(texts, dice.randint(1, 2))
    return chosen[0] if len(chosen) == 1 and dice.random() < 0.5 else chosen


def statement(dice):
    return {"Effect": "Deny" if dice.random() < 0.25 else "Allow",
            "NotAction" if dice.random() < 0.2 else "Action": some(dice, LISTED_ACTIONS),
            "Resource": some(dice, LISTED_RESOURCES)}


def pair(dice):
    policy = {"Version": "2012-10-17", "Statement": [statement(dice)
                                                     for _ in range(dice.randint(1, 3))]}
    return json.dumps(policy), dice.choice(ACTIONS), dice.choice(RESOURCES)


def answers(ciswatch, snapshot, pairs):
    asked = json.dumps([{"policy": policy, "request": {"action": action, "resource": resource}}
                        for policy, action, resource in pairs]).replace("'", "''")
    sql = ("select policy_allows(value ->> 'policy', value -> 'request') as allows, "
           "policy_denies(value ->> 'policy', value -> 'request') as denies "
           f"from json_each('{asked}')")
    lines = ciswatch.expect(0, "sql", snapshot, sql, "--format", "json").out.splitlines()
    return [json.loads(line) for line in lines]


def test_policies_are_judged_as_moto_judges_them(ciswatch, example):
    dice = random.Random(5)
    snapshot = example("seed-001").snapshot
    seen = {}
    for _ in range(PAIRS // BATCH):
        pairs = [pair(dice) for _ in range(BATCH)]
        for asked, answer in zip(pairs, answers(ciswatch, snapshot, pairs), strict=True):
            policy, action, resource = asked
            theirs = IAMPolicy({"policy_document": policy}).is_action_permitted(action, resource)
            ours = (PermissionResult.DENIED if answer["denies"] else
                    PermissionResult.PERMITTED if answer["allows"] else PermissionResult.NEUTRAL)
            assert None not in answer.values(), asked
            assert ours == theirs, asked
            seen[theirs] = seen.get(theirs, 0) + 1
    assert min(seen[result] for result in PermissionResult) > PAIRS / 10, seen
