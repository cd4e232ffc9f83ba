from alpine:3.22 as tools
arg jobs=4
run apk add --no-cache make
Copy --From=tools /bin/make /bin/
Healthcheck --Interval=5s cmd wget -q localhost
onBuild run make -j4
cmd make
