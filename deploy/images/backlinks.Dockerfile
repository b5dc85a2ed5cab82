# Linkhaul's local Backlinks API. Build from the root of the repository: docker build -f deploy/images/backlinks.Dockerfile .
FROM node:24.20.0-trixie-slim AS build
WORKDIR /build
# Dependencies first: this layer stays as long as the lockfile does.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
RUN npx -y pnpm@12 fetch
COPY . .
RUN npx -y pnpm@12 install --frozen-lockfile --prefer-offline \
 && npx -y pnpm@12 --filter '@linkhaul/backlinks...' run build \
 && npx -y pnpm@12 --filter @linkhaul/backlinks deploy --prod --legacy /out

FROM node:24.20.0-trixie-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8090
WORKDIR /app
COPY --from=build /out/package.json ./
COPY --from=build /out/node_modules ./node_modules
COPY --from=build /out/dist ./dist
# The generated link graph covers these lists; it looks for them three levels above its code.
COPY examples /examples
# A new volume takes its owner and mode from here.
RUN install -d -o node -g node -m 750 /data
VOLUME /data
USER node
EXPOSE 8090
ENV BACKLINKS_DATA=/data/backlinks.duckdb
# It answers every path, without credentials with 401: that it answers is enough. The first start generates its link graph.
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8090/').then(() => process.exit(0), () => process.exit(1))"]
# The process handles SIGTERM itself, so it may be process 1.
CMD ["node", "dist/main.js"]
