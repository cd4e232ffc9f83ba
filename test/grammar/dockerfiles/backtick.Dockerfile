#escape=`
#syntax=docker/dockerfile:1
FROM mcr.microsoft.com/windows/servercore:ltsc2025 AS tools
COPY app C:\app\
RUN dir C:\ `
    # the listing
    && mkdir C:\logs\
USER ContainerUser
