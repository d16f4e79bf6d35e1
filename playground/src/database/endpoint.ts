/**
 * An endpoint of DynamoDB's API, reached over HTTP: `dynatab serve`, DynamoDB Local, a server of one's own. Requests have the form of signed
 * ones but no signature: an endpoint that verifies them is reached through one that signs, as `dynatab playground --endpoint` does.
 */

export interface EndpointSettings {
  /** Relative to the page. */
  url: string;
  /** What it is called in the playground; default its host. */
  name: string | undefined;
  region: string | undefined;
}

/** No answer came, or none of DynamoDB's. */
export class EndpointError extends Error {
  override readonly name = "EndpointError";
}

export class Endpoint {
  readonly name: string;
  readonly url: string;
  readonly #region: string;

  constructor({ url, name, region = "eu-west-2" }: EndpointSettings) {
    const { href, host } = new URL(url, location.href);
    this.url = href;
    this.#region = region;
    this.name = name ?? host;
  }

  async dispatch(target: string, body: string): Promise<{ status: number; body: Uint8Array }> {
    const date = new Date().toISOString().replace(/[:-]|\.\d{3}/g, "");
    const scope = `dynatab/${date.slice(0, 8)}/${this.#region}/dynamodb/aws4_request`;
    const headers = {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": target,
      "x-amz-date": date,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date;x-amz-target, Signature=0`,
    };
    const answer = await fetch(this.url, { method: "POST", headers, body }).catch((error: Error) => {
      throw new EndpointError(`${this.url} does not answer: ${error.message}`);
    });
    if (!/json/.test(answer.headers.get("content-type") ?? "")) {
      throw new EndpointError(`${this.url} answered with status ${answer.status}, and not as DynamoDB does`);
    }
    return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) };
  }

  async close(): Promise<void> {}
}
