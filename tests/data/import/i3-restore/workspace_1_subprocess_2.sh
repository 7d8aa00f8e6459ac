#!/usr/bin/env bash
htop -d 5