import { request } from "node:http";
import { text } from "node:stream/consumers";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkSignature, type SignedRequest } from "./s3/check-signature.ts";
import { startS3Server, type S3Server } from "./s3-server.ts";

const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

async function start(options: Parameters<typeof startS3Server>[0] = {}): Promise<S3Server> {
  const server = await startS3Server(options);
  onTestFinished(() => server.close());
  return server;
}

/** The SDK, which may change a request before or after it is signed. */
function connect(
  server: S3Server,
  change: (headers: Record<string, string>) => void = () => undefined,
  when: "before" | "after" = "after",
): S3Client {
  const client = new S3Client({
    endpoint: server.url,
    forcePathStyle: true,
    region: server.credentials.region,
    credentials: server.credentials,
    maxAttempts: 1,
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
  onTestFinished(() => client.destroy());
  const changing =
    <Given extends { request: unknown }, Answer>(next: (args: Given) => Promise<Answer>) =>
    (args: Given): Promise<Answer> => {
      change((args.request as { headers: Record<string, string> }).headers);
      return next(args);
    };
  if (when === "before") client.middlewareStack.add(changing, { step: "build", name: "change" });
  else client.middlewareStack.add(changing, { step: "finalizeRequest", priority: "low", name: "change" });
  return client;
}

/** AWS's own examples: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function exampleOf(method: string, target: string, headers: Record<string, string>, signature: string): SignedRequest {
  const signed = { host: "examplebucket.s3.amazonaws.com", "x-amz-date": "20130524T000000Z", ...headers };
  const names = Object.keys(signed).toSorted().join(";");
  const credential = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${names},Signature=${signature}`;
  return { method, target, headers: { ...signed, authorization } };
}

describe("the S3 server", () => {
  it.for([
    [
      "an object",
      exampleOf(
        "GET",
        "/test.txt",
        { range: "bytes=0-9", "x-amz-content-sha256": EMPTY },
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
      ),
    ],
    [
      "an upload",
      exampleOf(
        "PUT",
        "/test%24file.text",
        {
          date: "Fri, 24 May 2013 00:00:00 GMT",
          "x-amz-storage-class": "REDUCED_REDUNDANCY",
          "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
        },
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
      ),
    ],
    [
      "a list",
      exampleOf(
        "GET",
        "/?max-keys=2&prefix=J",
        { "x-amz-content-sha256": EMPTY },
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
      ),
    ],
  ] as const)("takes the signature that AWS publishes for %s, and none that differs", async ([, example]) => {
    const { credentials } = await start();
    const at = Date.parse("2013-05-24T00:00:00Z");
    expect(checkSignature(example, credentials, at)).toBe(example.headers["x-amz-content-sha256"]);
    const changed = { ...example, target: `${example.target}x` };
    expect(() => checkSignature(changed, credentials, at)).toThrow(/does not match/);
    expect(() => checkSignature(example, credentials, at + 16 * 60_000)).toThrow(/too large/);
    expect(() => checkSignature(example, { ...credentials, secretAccessKey: "x" }, at)).toThrow(/does not match/);
  });

  it("refuses who does not sign", async () => {
    const server = await start();
    const refused = await fetch(`${server.url}/${server.bucket}/key`);
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain("<Code>AccessDenied</Code>");
  });

  it.for([
    ["a header that was added after signing", "after", { "x-amz-acl": "public-read" }, "AccessDenied"],
    ["metadata that was changed after signing", "after", { "x-amz-meta-a": "2" }, "SignatureDoesNotMatch"],
    ["another hash than the body's", "before", { "x-amz-content-sha256": EMPTY }, "XAmzContentSHA256Mismatch"],
    [
      "a body in signed chunks",
      "before",
      { "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" },
      "NotImplemented",
    ],
  ] as const)("refuses %s", async ([, when, headers, code]) => {
    const server = await start();
    const client = connect(server, (all) => Object.assign(all, headers), when);
    const put = client.send(new PutObjectCommand({ Bucket: server.bucket, Key: "k", Body: "x", Metadata: { a: "1" } }));
    await expect(put).rejects.toMatchObject({ name: code });
    expect(server.objects.size).toBe(0);
  });

  it("refuses an upload that does not say how long it is", async () => {
    const server = await start();
    let signed: Record<string, string> = {};
    const client = connect(server, (headers) => (signed = { ...headers }));
    await client.send(new PutObjectCommand({ Bucket: server.bucket, Key: "k", Body: "x" }));
    const { "content-length": _, ...headers } = signed;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const chunked = request(`${server.url}/${server.bucket}/k?x-id=PutObject`, { method: "PUT", headers });
    chunked.once("error", reject);
    chunked.once("response", (response) => void text(response).then(resolve, reject));
    chunked.write("x");
    chunked.end();
    expect(await promise).toContain("<Code>MissingContentLength</Code>");
  });

  it("tells a key that is not there from a bucket that is not there", async () => {
    const server = await start();
    const client = connect(server);
    const get = (Bucket: string): Promise<unknown> => client.send(new GetObjectCommand({ Bucket, Key: "k" }));
    await expect(get(server.bucket)).rejects.toMatchObject({ name: "NoSuchKey", $metadata: { httpStatusCode: 404 } });
    await expect(get("other-files")).rejects.toMatchObject({ name: "NoSuchBucket" });
  });

  it("lists by prefix in the order of keys, page by page, and refuses a token that it did not give", async () => {
    const server = await start({ pageSize: 2 });
    const client = connect(server);
    for (const key of ["a/3", "a/1", "b/1", "a/2"]) {
      await client.send(new PutObjectCommand({ Bucket: server.bucket, Key: key, Body: key }));
    }
    const list = (ContinuationToken?: string) =>
      client.send(new ListObjectsV2Command({ Bucket: server.bucket, Prefix: "a/", ContinuationToken }));
    const first = await list();
    expect(first.Contents?.map(({ Key, Size }) => ({ Key, Size }))).toEqual([
      { Key: "a/1", Size: 3 },
      { Key: "a/2", Size: 3 },
    ]);
    expect(first.IsTruncated).toBe(true);
    const second = await list(first.NextContinuationToken);
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(["a/3"]);
    expect(second.IsTruncated).toBe(false);
    await expect(list("not a token")).rejects.toMatchObject({ name: "InvalidArgument" });
  });
});
