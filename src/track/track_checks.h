#pragma once
#include "track/track.h"

/// What can be wrong with a request to track, or with its recording as a whole: TRACK-004, 006, 010, 013, 014, 015,
/// 019, 020 of track.h, IK-001 and IK-005. All return false when there was an error.
namespace buttress {

bool check_track_request(const TrackRequest& request, Diagnostics& diagnostics);

/// Do the markers tell where the legs are? Below a hip they must give at least as many numbers as there are coordinates
/// that move them, and one of those must bend the knee. Legs are what hangs on a joint that joint_titles.h calls a hip;
/// a model without one passes. No leg told is an error if loads are asked for or most of the names are unknown, and
/// else a warning (an upper body may be recorded alone); one of two told is a warning.
bool check_legs(const Model& model, const MarkerTrajectory& recording, const std::vector<MarkerTask>& tasks,
                const MarkerNaming& naming, bool needs_legs, Diagnostics& diagnostics);

/// Size and vertical of the recorded body against the model before it is scaled. Where a C3D does not say what is up
/// and the body stands along another axis than was taken, the recording is turned, with TRACK-004 as a warning.
bool check_size_and_vertical(const Model& model, MarkerRecording& recorded, const std::vector<MarkerTask>& tasks,
                             Diagnostics& diagnostics);

/// A body whose left and right names are exchanged, or whose axes are left-handed, is the mirror image of a body: it
/// fits the model badly, and well when it is mirrored.
bool check_mirror_image(const Model& model, const MarkerTrajectory& recording, const std::vector<MarkerTask>& tasks,
                        Diagnostics& diagnostics);

/// root mean square of all marker errors, m
double find_marker_rms(const InverseKinematicsResult& result);

}  // namespace buttress
