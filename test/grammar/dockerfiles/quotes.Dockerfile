FROM alpine:3.22
RUN echo "over \
 two lines" && echo 'single \
 quoted'
RUN echo "never closed
COPY a /b
RUN echo 'nor this
CMD echo "and this
ENTRYPOINT exec "$0"
