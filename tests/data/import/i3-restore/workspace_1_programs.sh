#!/usr/bin/env bash
[[ $1 == 0 ]] && cd "/tmp" && xterm -class Editor -name edit
[[ $1 == 1 ]] && cd "/home/ada" && xterm
[[ $1 == 2 ]] && cd "/tmp" && I3_RESTORE_SUBPROCESS_SCRIPT=/home/ada/.config/i3/workspace_1_subprocess_2.sh xterm
