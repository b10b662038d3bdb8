using System.CommandLine;

namespace Byok.Copying;

/// <summary>The options that every worker of one shard takes.</summary>
/// <param name="concurrency">What <c>--concurrency</c> says of itself.</param>
public sealed class ShardArguments(string concurrency)
{
    public Option<bool> BucketKey { get; } =
        new("--bucket-key") { Description = "Use an S3 Bucket Key (cheaper, slower to revoke)." };

    public Option<int> Shards { get; } =
        new("--shards") { Description = "How many shards there are.", DefaultValueFactory = _ => 1 };

    public Option<int> Shard { get; } = new("--shard")
    {
        Description = $"This worker's shard, from 0; {CopyCommand.ShardVariable} when left out.",
        DefaultValueFactory = CopyCommand.OwnIndex,
    };

    public Option<int> Attempt { get; } =
        new("--attempt") { Description = "Which try of this run, from 1.", DefaultValueFactory = _ => 1 };

    public Option<int> Concurrency { get; } = new("--concurrency")
    {
        Description = concurrency,
        DefaultValueFactory = _ => CopyOptions.DefaultConcurrency,
    };
}
