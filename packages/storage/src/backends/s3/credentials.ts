import { StorageAway } from '../../away.js';

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Set if the credentials are temporary. */
  readonly sessionToken: string | null;
}

/** Where credentials come from. */
export interface CredentialSource {
  /** The credentials to use now. Rejects with `StorageAway` if there are none. */
  get(): Promise<S3Credentials>;
  /** Called after these were refused. True if there are other ones now. */
  renew(refused: S3Credentials): Promise<boolean>;
}

export function givenCredentials(credentials: S3Credentials): CredentialSource {
  return { get: async () => credentials, renew: async () => false };
}

/**
 * The credentials that AWS' own programs find on a machine: a profile in a shared file, a web identity, or those of its
 * container or EC2 instance. They are replaced five minutes before they expire.
 */
export function machineCredentials(region: string): CredentialSource {
  let chain: ReturnType<typeof openChain> | null = null;
  const find = async (options?: { forceRefresh: true }): Promise<S3Credentials> => {
    chain ??= openChain(region);
    try {
      const { accessKeyId, secretAccessKey, sessionToken = null } = await (await chain)(options);
      return { accessKeyId, secretAccessKey, sessionToken };
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new StorageAway(
        `storage does not serve: AWS_ACCESS_KEY_ID is not set, and no other credentials were found (${said})`,
        { cause },
      );
    }
  };
  return {
    get: () => find(),
    async renew(refused) {
      const found = await find({ forceRefresh: true });
      return found.accessKeyId !== refused.accessKeyId || found.sessionToken !== refused.sessionToken;
    },
  };
}

/** Loaded only here, because most installations do not need it. */
async function openChain(region: string) {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  return defaultProvider({ clientConfig: { region } });
}
