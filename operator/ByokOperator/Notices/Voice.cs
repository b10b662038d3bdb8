using Kube.Runtime.Speaking;

namespace ByokOperator.Notices;

/// <summary>What controllers say to people beside status: Events to whoever looks at the cluster,
/// notices to the sink outside.</summary>
internal sealed record Voice(EventRecorder Events, NoticeBoard Notices);
