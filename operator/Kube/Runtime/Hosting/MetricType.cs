namespace Kube.Runtime.Hosting;

/// <summary>How measurements add up.</summary>
internal enum MetricType
{
    /// <summary>Steps that are added.</summary>
    Counter,

    /// <summary>A count that is reported whole.</summary>
    Total,

    /// <summary>Steps, up and down.</summary>
    UpDown,

    /// <summary>The last value counts.</summary>
    Gauge,

    /// <summary>Values, counted by size.</summary>
    Histogram,
}
