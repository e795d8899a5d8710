# One image for every role. Built in two steps so that the dashboards' build tools' work is done before it ships.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc turbo.json ./
COPY services/core/package.json services/core/
COPY services/channels/package.json services/channels/
COPY services/ingest/package.json services/ingest/
COPY services/scheduler/package.json services/scheduler/
COPY services/api/package.json services/api/
COPY services/server/package.json services/server/
COPY db/package.json db/
COPY dashboards/package.json dashboards/
COPY patches patches
# No test browser and no test tools; the embedded engines come along, unused, because the program knows both ways.
RUN npm ci --omit=dev --no-audit --no-fund
COPY . .
RUN node --import tsx scripts/build-dashboards.ts

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data UV_THREADPOOL_SIZE=8
WORKDIR /app
COPY --from=build /app /app
RUN mkdir /data && chown node:node /data
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=6 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT||4000}/ready`).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "--max-semi-space-size=16", "--import", "tsx", "services/server/src/main.ts"]
