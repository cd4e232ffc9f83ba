FROM alpine:3.22
RUN <<EOF
apk add curl
echo "never closed
EOF
RUN <<-EOT bash -e
	for i in 1 2; do
	  echo "$i"
	done
	EOT
RUN --mount=type=cache,target=/x <<"END"
echo $HOME
 END
END
USER nobody
