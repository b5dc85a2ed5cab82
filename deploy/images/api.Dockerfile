# Linkhaul's HTTP API. Build from the root of the repository: docker build -f deploy/images/api.Dockerfile .
FROM node:24.20.0-trixie-slim AS build
WORKDIR /build
# Dependencies first: this layer stays as long as the lockfile does.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
RUN npx -y pnpm@12 fetch
COPY . .
RUN npx -y pnpm@12 install --frozen-lockfile --prefer-offline \
 && npx -y pnpm@12 --filter '@linkhaul/api...' run build \
 && npx -y pnpm@12 --filter @linkhaul/api deploy --prod --legacy /out

FROM node:24.20.0-trixie-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
WORKDIR /app
COPY --from=build /out/package.json ./
COPY --from=build /out/node_modules ./node_modules
COPY --from=build /out/dist ./dist
# A new volume takes its owner and mode from here.
RUN install -d -o node -g node -m 750 /data /keys /secrets /scratch
VOLUME /data
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# The process handles SIGTERM itself, so it may be process 1.
CMD ["node", "dist/main.js"]
