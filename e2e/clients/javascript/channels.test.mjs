// The sister service `ivs` by the AWS SDK for JavaScript v3.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { node } from "./node.mjs";
import * as sdk from "@aws-sdk/client-ivs";

const ivs = new sdk.IvsClient(node);
const ask = (command, input = {}) => ivs.send(new sdk[`${command}Command`](input));

after(() => ivs.destroy());

test("a channel has a life, and one stream key", async () => {
  const { channel, streamKey } = await ask("CreateChannel", { name: "js", tags: { a: "1" } });
  assert.equal(channel.latencyMode, "LOW");
  assert.equal(channel.type, "STANDARD");
  assert.equal(streamKey.channelArn, channel.arn);
  assert.deepEqual((await ask("GetChannel", { arn: channel.arn })).channel, channel);
  await assert.rejects(ask("CreateStreamKey", { channelArn: channel.arn }), sdk.ServiceQuotaExceededException);
  const { channels } = await ask("BatchGetChannel", { arns: [channel.arn] });
  assert.deepEqual(channels, [channel]);
  const { channel: changed } = await ask("UpdateChannel", { arn: channel.arn, latencyMode: "NORMAL" });
  assert.deepEqual(changed, { ...channel, latencyMode: "NORMAL" });
  const listed = [];
  for await (const page of sdk.paginateListChannels({ client: ivs, pageSize: 1 }, { filterByName: "js" })) {
    listed.push(...page.channels.map(({ arn }) => arn));
  }
  assert.ok(listed.includes(channel.arn));
  await ask("DeleteStreamKey", { arn: streamKey.arn });
  await ask("DeleteChannel", { arn: channel.arn });
  await assert.rejects(ask("GetChannel", { arn: channel.arn }), sdk.ResourceNotFoundException);
});

test("a channel that nobody streams to is not broadcasting", async () => {
  const { channel } = await ask("CreateChannel");
  for (const command of ["GetStream", "StopStream"]) {
    await assert.rejects(ask(command, { channelArn: channel.arn }), sdk.ChannelNotBroadcasting);
  }
  await assert.rejects(ask("PutMetadata", { channelArn: channel.arn, metadata: "m" }), sdk.ChannelNotBroadcasting);
  assert.deepEqual((await ask("ListStreams")).streams, []);
  await ask("DeleteChannel", { arn: channel.arn });
});
