{
  description = "Save the windows of an i3 desktop to a readable file and restore them exactly";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      package = pkgs: pkgs.callPackage ./packaging/nix/package.nix { };
      forEach = value: nixpkgs.lib.genAttrs systems (system: value nixpkgs.legacyPackages.${system});
    in
    {
      packages = forEach (pkgs: rec {
        i3pm-layout = package pkgs;
        default = i3pm-layout;
      });
      overlays.default = final: _: { i3pm-layout = package final; };
      homeManagerModules.default = import ./packaging/nix/home-manager.nix { inherit package; };
    };
}
