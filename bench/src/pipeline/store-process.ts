import { BUCKET, STORE_KEYS, STORE_REGION, startStandIn } from '@linkhaul/stack';

const { endpoint } = await startStandIn();
process.send?.({
  STORAGE_URL: `s3://${BUCKET}/bench?${new URLSearchParams({ endpoint, region: STORE_REGION })}`,
  AWS_ACCESS_KEY_ID: STORE_KEYS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: STORE_KEYS.secretAccessKey,
});
