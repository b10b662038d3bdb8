namespace LocalCloud.Azure.Blob;

/// <summary>Who may write. Guarded by the container's lock.</summary>
internal sealed class Lease
{
    public string? Id { get; private set; }

    private DateTimeOffset expires;
    private DateTimeOffset? breaks;
    private TimeSpan duration;

    public bool IsHeld(DateTimeOffset now) => Id is not null && now < expires && !(breaks <= now);

    public bool IsInfinite => duration == TimeSpan.MaxValue;

    public string State(DateTimeOffset now) => Id is null ? "available"
        : breaks is { } end ? (end > now ? "breaking" : "broken")
        : now < expires ? "leased" : "expired";

    public string Acquire(string? wanted, int seconds, DateTimeOffset now)
    {
        if (IsHeld(now) && (wanted is null || wanted != Id))
        {
            throw BlobProblems.LeaseAlreadyPresent();
        }

        if (seconds != -1 && seconds is < 15 or > 60)
        {
            throw BlobProblems.InvalidHeader("x-ms-lease-duration",
                seconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        Id = wanted ?? Guid.NewGuid().ToString();
        duration = seconds == -1 ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds);
        breaks = null;
        Start(now);
        return Id;
    }

    public string Renew(string? id, DateTimeOffset now)
    {
        DemandOwn(id);
        if (breaks is not null)
        {
            throw BlobProblems.LeaseBroken();
        }

        Start(now);
        return Id!;
    }

    public string Change(string? id, string proposed, DateTimeOffset now)
    {
        if (!IsHeld(now) || (id != Id && proposed != Id))
        {
            DemandOwn(id);
        }

        return Id = proposed;
    }

    public void Release(string? id)
    {
        DemandOwn(id);
        (Id, breaks) = (null, null);
    }

    /// <returns>Seconds until it is broken.</returns>
    public int Break(int? period, DateTimeOffset now)
    {
        if (Id is null)
        {
            throw BlobProblems.LeaseNotPresent();
        }

        var left = IsInfinite ? 0 : Math.Max(0, (int)(expires - now).TotalSeconds);
        var seconds = period is { } wanted ? (IsInfinite ? wanted : Math.Min(wanted, left)) : left;
        breaks = now.AddSeconds(seconds);
        return seconds;
    }

    /// <summary>For writes: whoever holds the lease must show it, and nobody shows one that isn't held.</summary>
    public void DemandWrite(string? shown, DateTimeOffset now)
    {
        if (IsHeld(now))
        {
            if (shown is null)
            {
                throw BlobProblems.LeaseIdMissing();
            }

            if (shown != Id)
            {
                throw BlobProblems.LeaseMismatch();
            }
        }
        else if (shown is not null)
        {
            throw BlobProblems.LeaseLost();
        }
    }

    private void DemandOwn(string? id)
    {
        if (Id is null)
        {
            throw BlobProblems.LeaseNotPresent();
        }

        if (id != Id)
        {
            throw BlobProblems.LeaseOperationMismatch();
        }
    }

    private void Start(DateTimeOffset now) => expires = IsInfinite ? DateTimeOffset.MaxValue : now + duration;
}
