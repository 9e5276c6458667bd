/**
 * Headers that a handler computes from its content: digests of RFC 9530 and the older ones, and the validator of
 * RFC 9110, 8.8.3. They are false for content that a target amended, so a client would refuse the content, or
 * confuse two versions of it.
 */
export const contentHeaders = ['content-digest', 'repr-digest', 'digest', 'content-md5', 'etag'] as const;
