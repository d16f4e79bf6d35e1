/**
 * What the HTTP endpoint on this machine says by itself, before or instead of the engine: who may ask (Host, Origin), and what the service
 * checks in the Authorization header (messages-tables rows 108-115, behaviour rules 114-116).
 */
import type { IncomingHttpHeaders } from "node:http";
import { type HttpAnswer, serviceError } from "../http-api.ts";

/** Names that mean this machine. A page elsewhere whose own name was made to resolve to it sends another Host (DNS rebinding). */
const LOOPBACK = /^(localhost|([a-z0-9-]+\.)*localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i;

/** Whether a Host header names this machine, or the address the endpoint was asked to listen on. */
export function hostAllowed(host: string | undefined, listensOn: string): boolean {
  if (host === undefined) return false;
  if (LOOPBACK.test(host)) return true;
  const name = host.replace(/:\d{1,5}$/, "");
  return listensOn !== "" && listensOn !== "0.0.0.0" && listensOn !== "::" && name.replace(/^\[|\]$/g, "") === listensOn;
}

/** Whether a page of this origin may ask: only pages of this machine. */
export function originAllowed(origin: string): boolean {
  const scheme = /^https?:\/\//i.exec(origin);
  return scheme !== null && LOOPBACK.test(origin.slice(scheme[0].length));
}

/** The headers that let a page of an allowed origin read the answer. */
export function corsHeaders(origin: string | undefined): Record<string, string> {
  if (origin === undefined) return {};
  return { "access-control-allow-origin": origin, vary: "Origin", "access-control-expose-headers": "x-amzn-requestid, x-amz-crc32" };
}

/** The answer to a browser's question before it sends the request itself. */
export function preflight(headers: IncomingHttpHeaders): HttpAnswer {
  const asked = headers["access-control-request-headers"];
  return {
    status: 200,
    headers: {
      "access-control-allow-methods": "GET, POST, OPTIONS",
      ...(asked === undefined ? {} : { "access-control-allow-headers": asked }),
      ...(headers["access-control-request-private-network"] === "true" ? { "access-control-allow-private-network": "true" } : {}),
      "access-control-max-age": "86400",
    },
    body: "",
  };
}

/** Whoever asks may not. */
export function forbidden(why: string): HttpAnswer {
  return { status: 403, headers: { "content-type": "text/plain" }, body: `${why}\n` };
}

/** What is wrong with the request's authorization, or undefined. Signatures are not verified: there is no secret to verify them with. */
export function authorizationError(headers: IncomingHttpHeaders): HttpAnswer | undefined {
  const header = headers.authorization;
  if (header === undefined || !/^AWS4-HMAC-SHA256\b/.test(header)) {
    return serviceError("MissingAuthenticationTokenException", "Request is missing Authentication Token");
  }
  const missing = ["Credential", "Signature", "SignedHeaders"]
    .filter((parameter) => !new RegExp(`[\\s,]${parameter}=[^,\\s]`).test(header))
    .map((parameter) => `Authorization header requires '${parameter}' parameter.`);
  if (headers["x-amz-date"] === undefined && headers.date === undefined) {
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  if (missing.length === 0) return undefined;
  return serviceError("IncompleteSignatureException", `${missing.join(" ")} Authorization=${header}`);
}
