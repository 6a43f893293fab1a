// ivs-realtime by the AWS SDK for JavaScript v3.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { node } from "./node.mjs";
import * as sdk from "@aws-sdk/client-ivs-realtime";

const ivs = new sdk.IVSRealTimeClient(node);
const ask = (command, input = {}) => ivs.send(new sdk[`${command}Command`](input));
const answered = ({ $metadata, ...members }) => members;

const PUBLIC_KEY = `-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEqofKIr6LBTeOscce8yCtdG4dO2KLp5uY
WfdB4IJUKjhVAvJdv1UpbDpUXjhydgq3NhfeSpYmLG9dnpi/kpLcKfj0Hb0omhR8
6doxE7XwuMAKYLHOHX6BnXpDHXyQ6g5f
-----END PUBLIC KEY-----
`;

after(() => ivs.destroy());

/** Rejects with the SDK's own class for the error; gives what it holds. */
async function refused(promise, type, status) {
  const error = await promise.then(
    () => assert.fail(`not refused with ${type.name}`),
    (reason) => reason,
  );
  assert.ok(error instanceof type, `${error.name} is no ${type.name}: ${error.message}`);
  assert.equal(error.$metadata.httpStatusCode, status);
  assert.equal(error.exceptionMessage, error.message);
  return error;
}

async function eventually(ask, expected) {
  for (const deadline = Date.now() + 30_000; ; ) {
    const actual = await ask();
    if (actual === expected || Date.now() > deadline) {
      return assert.equal(actual, expected);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("a stage is created, read, changed, listed and deleted", async () => {
  const { stage } = await ask("CreateStage", { name: "js", tags: { a: "1" } });
  assert.match(stage.arn, /^arn:aws:ivs:us-east-1:000000000000:stage\/[a-zA-Z0-9]{12}$/);
  assert.deepEqual(stage.autoParticipantRecordingConfiguration, {
    storageConfigurationArn: "",
    mediaTypes: ["AUDIO_VIDEO"],
    thumbnailConfiguration: { targetIntervalSeconds: 60, storage: ["SEQUENTIAL"], recordingMode: "DISABLED" },
    recordingReconnectWindowSeconds: 0,
    hlsConfiguration: { targetSegmentDurationSeconds: 6 },
    recordParticipantReplicas: true,
  });
  assert.equal(stage.activeSessionId, "");
  assert.deepEqual((await ask("GetStage", { arn: stage.arn })).stage, stage);
  assert.deepEqual((await ask("UpdateStage", { arn: stage.arn, name: "renamed" })).stage, { ...stage, name: "renamed" });
  const listed = [];
  for (let nextToken; ; ) {
    const page = await ask("ListStages", { maxResults: 1, nextToken });
    listed.push(...page.stages.map((summary) => summary.arn));
    if (!(nextToken = page.nextToken)) break;
  }
  assert.ok(listed.includes(stage.arn));
  assert.equal(new Set(listed).size, listed.length);
  assert.deepEqual(answered(await ask("DeleteStage", { arn: stage.arn })), {});
  const gone = await refused(ask("GetStage", { arn: stage.arn }), sdk.ResourceNotFoundException, 404);
  assert.equal(gone.message, `Resource: ${stage.arn} not found`);
});

test("tokens are made with a stage and for it", async () => {
  const { stage, participantTokens } = await ask("CreateStage", {
    participantTokenConfigurations: [{ userId: "ada", capabilities: ["PUBLISH"], duration: 5, attributes: { a: "b" } }],
  });
  assert.equal(participantTokens.length, 1);
  const { participantToken } = await ask("CreateParticipantToken", { stageArn: stage.arn });
  assert.equal(participantToken.duration, 720);
  assert.deepEqual(participantToken.capabilities, ["PUBLISH", "SUBSCRIBE"]);
  assert.ok(participantToken.expirationTime instanceof Date);
  assert.notEqual(participantToken.participantId, participantTokens[0].participantId);
  await refused(ask("CreateParticipantToken", { stageArn: stage.arn, duration: 20161 }), sdk.ValidationException, 400);
  await ask("DeleteStage", { arn: stage.arn });
});

test("public keys are imported once", async () => {
  const { publicKey } = await ask("ImportPublicKey", { publicKeyMaterial: PUBLIC_KEY, name: "js" });
  assert.deepEqual((await ask("GetPublicKey", { arn: publicKey.arn })).publicKey, publicKey);
  const pages = sdk.paginateListPublicKeys({ client: ivs, pageSize: 1 }, {});
  const arns = (await all(pages)).flatMap((page) => page.publicKeys.map((key) => key.arn));
  assert.ok(arns.includes(publicKey.arn));
  await refused(ask("ImportPublicKey", { publicKeyMaterial: PUBLIC_KEY }), sdk.ConflictException, 409);
  await ask("DeletePublicKey", { arn: publicKey.arn });
});

async function all(pages) {
  const found = [];
  for await (const page of pages) found.push(page);
  return found;
}

test("a composition starts, is listed and stops", async () => {
  const { stage } = await ask("CreateStage");
  const { encoderConfiguration: encoder } = await ask("CreateEncoderConfiguration", { video: { width: 640, height: 360 } });
  assert.deepEqual(encoder.video, { width: 640, height: 360, framerate: 30, bitrate: 2500000 });
  const { storageConfiguration: storage } = await ask("CreateStorageConfiguration", { s3: { bucketName: "from-js" } });
  const destinations = [{ s3: { storageConfigurationArn: storage.arn, encoderConfigurationArns: [encoder.arn] } }];
  const request = { stageArn: stage.arn, destinations, idempotencyToken: crypto.randomUUID() };
  const { composition } = await ask("StartComposition", request);
  assert.equal(composition.state, "STARTING");
  assert.ok(composition.startTime instanceof Date);
  assert.deepEqual(composition.layout, {
    grid: {
      featuredParticipantAttribute: "",
      gridGap: 2,
      omitStoppedVideo: false,
      participantOrderAttribute: "",
      videoAspectRatio: "VIDEO",
      videoFillMode: "",
    },
  });
  assert.deepEqual((await ask("GetComposition", { arn: composition.arn })).composition, composition);
  // A repeat with the same token, as a retry of the SDK would be.
  assert.equal((await ask("StartComposition", request)).composition.arn, composition.arn);
  await refused(ask("StartComposition", { ...request, tags: { a: "b" } }), sdk.ConflictException, 409);
  const { compositions } = await ask("ListCompositions", { filterByStageArn: stage.arn });
  assert.deepEqual(compositions.map((summary) => summary.arn), [composition.arn]);
  await refused(ask("DeleteEncoderConfiguration", { arn: encoder.arn }), sdk.ConflictException, 409);
  await ask("StopComposition", { arn: composition.arn });
  const state = async () => (await ask("GetComposition", { arn: composition.arn })).composition.state;
  await eventually(state, "STOPPED");
  await ask("DeleteEncoderConfiguration", { arn: encoder.arn });
  await ask("DeleteStorageConfiguration", { arn: storage.arn });
  await ask("DeleteStage", { arn: stage.arn });
});

test("configurations are read and listed", async () => {
  const { encoderConfiguration: encoder } = await ask("CreateEncoderConfiguration", { name: "e" });
  const { storageConfiguration: storage } = await ask("CreateStorageConfiguration", { s3: { bucketName: "from-js" } });
  assert.deepEqual((await ask("GetEncoderConfiguration", { arn: encoder.arn })).encoderConfiguration, encoder);
  assert.deepEqual((await ask("GetStorageConfiguration", { arn: storage.arn })).storageConfiguration, storage);
  const { encoderConfigurations } = await ask("ListEncoderConfigurations");
  const { storageConfigurations } = await ask("ListStorageConfigurations");
  assert.ok(encoderConfigurations.some(({ arn }) => arn === encoder.arn));
  assert.ok(storageConfigurations.some(({ arn }) => arn === storage.arn));
  await ask("DeleteEncoderConfiguration", { arn: encoder.arn });
  await ask("DeleteStorageConfiguration", { arn: storage.arn });
});

test("an ingest configuration leads to a stage", async () => {
  const { stage } = await ask("CreateStage");
  const { ingestConfiguration: made } = await ask("CreateIngestConfiguration", { ingestProtocol: "RTMPS", userId: "obs" });
  assert.equal(made.state, "INACTIVE");
  assert.match(made.streamKey, /^rt_000000000000_us-east-1_[a-zA-Z0-9]{12}_.+$/);
  await ask("UpdateIngestConfiguration", { arn: made.arn, stageArn: stage.arn });
  const { ingestConfiguration: led } = await ask("GetIngestConfiguration", { arn: made.arn });
  assert.equal(led.stageArn, stage.arn);
  const found = [];
  for await (const page of sdk.paginateListIngestConfigurations({ client: ivs }, { filterByStageArn: stage.arn })) {
    found.push(...page.ingestConfigurations.map(({ arn }) => arn));
  }
  assert.deepEqual(found, [made.arn]);
  await ask("DeleteIngestConfiguration", { arn: made.arn, force: true });
  await ask("DeleteStage", { arn: stage.arn });
});

test("who is not there is not found", async () => {
  const { stage } = await ask("CreateStage");
  const of = { stageArn: stage.arn, sessionId: "st-absent0000000", participantId: "absent" };
  const { stageSessions } = await ask("ListStageSessions", { stageArn: stage.arn });
  assert.deepEqual(stageSessions, []);
  for (const command of ["GetStageSession", "GetParticipant", "ListParticipants", "ListParticipantEvents"]) {
    const { participantId, ...session } = of;
    const input = command.includes("ParticipantEvents") || command === "GetParticipant" ? of : session;
    await refused(ask(command, input), sdk.ResourceNotFoundException, 404);
  }
  const { sessionId, ...participant } = of;
  await ask("DisconnectParticipant", { ...participant, reason: "never seen" });
  await ask("DeleteStage", { arn: stage.arn });
});

test("tags of any resource come and go", async () => {
  const { stage } = await ask("CreateStage", { tags: { a: "1" } });
  await ask("TagResource", { resourceArn: stage.arn, tags: { "b c": "+/=" } });
  await ask("UntagResource", { resourceArn: stage.arn, tagKeys: ["a"] });
  assert.deepEqual((await ask("ListTagsForResource", { resourceArn: stage.arn })).tags, { "b c": "+/=" });
  await ask("DeleteStage", { arn: stage.arn });
});

test("what is wrong is said by class, status and name", async () => {
  const wrong = await refused(ask("CreateStage", { name: "no spaces" }), sdk.ValidationException, 400);
  assert.match(wrong.message, /'name'/);
  const elsewhere = "arn:aws:ivs:us-east-1:111111111111:stage/abcdefghijkl";
  await refused(ask("GetStage", { arn: elsewhere }), sdk.AccessDeniedException, 403);
});
