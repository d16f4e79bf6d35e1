/**
 * The playground's page from the installed package, and under the same address what the page asks: a database of this process, or an endpoint
 * somewhere. Under one address, so that no browser has to be told of another.
 */
import type { IncomingMessage } from "node:http";
import type { Database } from "../../database.ts";
import type { HttpAnswer } from "../../http-api.ts";
import { forbidden, hostAllowed } from "../http-answers.ts";
import { type Endpoint, listen } from "../http-server.ts";
import { answerRequest } from "../serve.ts";
import { answerFromEndpoint, type ForeignEndpoint } from "./foreign-endpoint.ts";
import { PageFiles } from "./page-files.ts";

/** What the playground shows. */
export type PlaygroundSubject =
  | { kind: "browser" }
  /** A database that is the caller's to close, under this name. */
  | { kind: "database"; db: Database; name: string }
  | { kind: "endpoint"; endpoint: ForeignEndpoint };

export interface PlaygroundOptions {
  port: number;
  host: string;
  subject: PlaygroundSubject;
}

/** What the page's element is told. */
function attributesFor(subject: PlaygroundSubject): Record<string, string> {
  if (subject.kind === "browser") return {};
  return { endpoint: "/", database: subject.kind === "database" ? subject.name : subject.endpoint.url.host };
}

/** Serves the playground. Resolves when it answers; rejects when the port is taken. */
export async function servePlayground({ port, host, subject }: PlaygroundOptions): Promise<Endpoint> {
  const files = await PageFiles.read(attributesFor(subject));
  return listen(port, host, (request) => answer(files, host, subject, request));
}

async function answer(files: PageFiles, listensOn: string, subject: PlaygroundSubject, request: IncomingMessage): Promise<HttpAnswer> {
  const { method, url = "/", headers } = request;
  if (!hostAllowed(headers.host, listensOn)) {
    return forbidden(`This page is for names of this machine only, not for the Host ${JSON.stringify(headers.host ?? "")}.`);
  }
  if (method === "GET" || method === "HEAD") return files.answer(url.split("?")[0]!);
  if (subject.kind === "database") return answerRequest(subject.db, listensOn, request);
  if (subject.kind !== "endpoint" || method !== "POST") return { status: 405, headers: { allow: "GET, HEAD" }, body: "" };
  // Requests are signed with the user's credentials: they are for this page, and for no other of this machine.
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) {
    return forbidden(`This address answers the playground's page only, not ${JSON.stringify(headers.origin)}.`);
  }
  return answerFromEndpoint(subject.endpoint, request);
}
