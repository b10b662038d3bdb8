namespace Cloud.Aws.Stores;

/// <summary>One owner's write fence on its prefix of a shared bucket. The token is new each time the fence is raised anew.</summary>
internal sealed record SharedFence(string Bucket, string Prefix, string Owner, string Token);
