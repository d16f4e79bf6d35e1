/** CRC-32 in Node, which has its own from 20.15 and 22.2 on. */
import * as zlib from "node:zlib";
import { crc32 as crc32InJavaScript } from "../crc32.ts";

/** The checksum as an unsigned number. */
export const crc32: (data: Uint8Array) => number = (zlib as { crc32?: (data: Uint8Array) => number }).crc32 ?? crc32InJavaScript;
