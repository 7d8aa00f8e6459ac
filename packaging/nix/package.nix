# The package, for `callPackage`.
{
  lib,
  rustPlatform,
  installShellFiles,
  pkg-config,
  pcre2,
}:
let
  manifest = (lib.importTOML ../../Cargo.toml).package;
in
rustPlatform.buildRustPackage {
  pname = manifest.name;
  inherit (manifest) version;
  src = lib.cleanSource ../..;
  cargoLock.lockFile = ../../Cargo.lock;
  nativeBuildInputs = [
    installShellFiles
    pkg-config
  ];
  buildInputs = [ pcre2 ];
  # The tests need i3, an X server and terminals; `scripts/test` runs them.
  doCheck = false;
  postInstall = ''
    installManPage man/*.1
    installShellCompletion --cmd i3pm-layout \
      --bash src/cli/completions/i3pm-layout.bash \
      --zsh src/cli/completions/i3pm-layout.zsh \
      --fish src/cli/completions/i3pm-layout.fish
    install -Dm644 schemas/*.json -t $out/share/i3pm-layout/schemas
    install -Dm644 layouts/examples/*.yaml -t $out/share/doc/i3pm-layout/examples/layouts
    install -Dm644 packaging/config.yaml -t $out/share/doc/i3pm-layout/examples
  '';
  meta = {
    inherit (manifest) description;
    license = lib.licenses.mit;
    mainProgram = "i3pm-layout";
    platforms = lib.platforms.linux;
  };
}
