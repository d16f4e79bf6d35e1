/** Installing Debian's packages. */
import { toolEnv } from "./paths.mjs";
import { ask, run } from "./run.mjs";

/** Installs them, as root or with sudo. */
export async function installDebianPackages(names) {
  const sudo = process.getuid?.() !== 0 && ask("sudo", ["-V"]) ? ["sudo", "-E"] : [];
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, "apt-get", ...args];
    return run(command, rest, { env: toolEnv({ DEBIAN_FRONTEND: "noninteractive" }) });
  };
  await apt("update", "-q");
  // --no-remove: a distribution's own `rustc` or `rustup` excludes `rustc-web`; taking it away is for its owner to decide.
  await apt("install", "-q", "-y", "--no-remove", "--no-install-recommends", ...names);
}
