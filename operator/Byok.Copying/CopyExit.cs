namespace Byok.Copying;

/// <summary>Exit codes of the copy verb; a Job's pod failure policy can tell them apart.</summary>
public enum CopyExit
{
    /// <summary>Every entry of the shard is verified in the manifest.</summary>
    Done = 0,

    /// <summary>Failed for now; the next attempt goes on from the checkpoint.</summary>
    Retry = 1,

    /// <summary>The order itself is wrong; trying again changes nothing.</summary>
    BadArguments = 2,

    /// <summary>The target is not what it has to be: another key, other content, evidence that does not add up, or a
    /// request that the store will never grant.</summary>
    Mismatch = 3,

    /// <summary>Objects that no attempt can copy as they are; the shard's progress names them.</summary>
    Refused = 4,

    /// <summary>Asked to stop (128 + SIGTERM); the checkpoint is written.</summary>
    Terminated = 143,
}
