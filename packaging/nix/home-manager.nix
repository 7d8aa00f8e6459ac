# A module of home-manager: the program, its configuration, layouts, and key bindings of i3.
# `package` is the package that is installed by default.
{ package }:
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib)
    literalExpression
    mkEnableOption
    mkIf
    mkOption
    types
    ;
  cfg = config.programs.i3pm-layout;
  # JSON is YAML, and i3pm-layout reads both.
  json = pkgs.formats.json { };
  program = "${cfg.package}/bin/i3pm-layout";
  layoutFile =
    name: layout:
    if builtins.isPath layout || lib.isDerivation layout then
      {
        # The ending of the name decides about the format.
        name = "i3pm-layout/layouts/${name}.${if lib.hasSuffix ".json" "${layout}" then "json" else "yaml"}";
        value.source = layout;
      }
    else
      {
        name = "i3pm-layout/layouts/${name}.json";
        value.source = json.generate "${baseNameOf name}.json" layout;
      };
in
{
  options.programs.i3pm-layout = {
    enable = mkEnableOption "i3pm-layout, which saves and restores the windows of an i3 desktop";

    package = mkOption {
      type = types.package;
      default = package pkgs;
      defaultText = literalExpression "the package of the flake";
      description = "The package to install.";
    };

    settings = mkOption {
      inherit (json) type;
      default = { };
      example = literalExpression ''
        {
          version = 1;
          projects.garden.directory = "~/src/garden";
        }
      '';
      description = ''
        The configuration, written to {file}`$XDG_CONFIG_HOME/i3pm-layout/config.yaml`. While it is
        set, `adapt --save` cannot add profiles to this file.
      '';
    };

    layouts = mkOption {
      type = types.attrsOf (types.either types.path json.type);
      default = { };
      example = literalExpression ''
        {
          daily-dev = ./daily-dev.yaml;
          "nixos/web" = {
            version = 1;
            workspaces = [
              {
                name = "2:web";
                nodes = [ { id = "browser"; swallow.class = "^firefox$"; command = "firefox"; } ];
              }
            ];
          };
        }
      '';
      description = ''
        Layouts by their names, `NAME` or `PROJECT/NAME`: a file, or the layout as a value.
        `capture` cannot write these layouts; save them under another name.
      '';
    };

    keybindings = mkOption {
      type = types.attrsOf types.str;
      default = { };
      example = literalExpression ''
        {
          "Mod4+F8" = "adapt";
          "Mod4+F9" = "apply daily-dev";
          "Mod4+F10" = "undo";
        }
      '';
      description = ''
        Key bindings of i3 by their keys: the arguments of i3pm-layout. They are added to
        {option}`xsession.windowManager.i3.config.keybindings`.
      '';
    };
  };

  config = mkIf cfg.enable {
    home.packages = [ cfg.package ];
    xdg.configFile = lib.mapAttrs' layoutFile cfg.layouts // lib.optionalAttrs (cfg.settings != { }) {
      "i3pm-layout/config.yaml".source = json.generate "config.yaml" cfg.settings;
    };
    xsession.windowManager.i3.config.keybindings = mkIf (cfg.keybindings != { }) (
      # i3's own bindings, which are defaults of the same option, are kept.
      lib.mapAttrs (
        _: arguments: lib.mkOptionDefault "exec --no-startup-id ${program} ${arguments}"
      ) cfg.keybindings
    );
  };
}
