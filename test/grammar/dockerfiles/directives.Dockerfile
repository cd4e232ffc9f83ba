# syntax=docker/dockerfile:1.7-labs
# check=skip=JSONArgsRecommended,StageNameCasing;error=true
# escape=\

# syntax=this-is-a-comment
FROM scratch
# escape=`
RUN echo a \
  b
