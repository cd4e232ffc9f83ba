FROM alpine:3.22
RUN ["sh", "-c", "echo \"a b\" \\ \u0041 $HOME"]
RUN [ "$A" = "b" ] && echo yes
RUN [ -f /x ] || exit 1
CMD [ "node", \
      # the entry
      "server.js" ]
ENTRYPOINT []
COPY ["a file", "/b/"]
VOLUME ["/a", "/b"]
SHELL ["cmd", "/S", "/C"]
RUN ["bad\q", "unclosed
USER root
