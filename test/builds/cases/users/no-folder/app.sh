#!/bin/sh
echo hello > /tmp/file && cat /tmp/file
