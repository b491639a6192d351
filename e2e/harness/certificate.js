// Certificates of the story's own, made by openssl.

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export class Certificate {
  /** Makes a certificate for `localhost` and 127.0.0.1. */
  static async make() {
    const certificate = new Certificate();
    certificate.folder = await mkdtemp(path.join(tmpdir(), "hiroba-certificate-"));
    await certificate.replace("first");
    return certificate;
  }

  get chain() {
    return path.join(this.folder, "chain.pem");
  }

  get key() {
    return path.join(this.folder, "key.pem");
  }

  /** The flags of a server that uses it. */
  get flags() {
    return ["--tls-cert", this.chain, "--tls-key", this.key];
  }

  /** Writes another certificate into the same files. */
  async replace(name) {
    const names = "subjectAltName=DNS:localhost,IP:127.0.0.1";
    await run("openssl", [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
      "-subj", `/CN=${name}`, "-addext", names, "-keyout", this.key, "-out", this.chain,
    ]);
  }

  async remove() {
    await rm(this.folder, { recursive: true, force: true });
  }
}
