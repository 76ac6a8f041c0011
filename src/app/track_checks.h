#pragma once
#include "app/track.h"

/// What can be wrong with a request to track, or with its recording as a whole: TRACK-004, 006, 010, 013, 014, 015 of
/// track.h, IK-001 and IK-005. All return false when there was an error.
namespace buttress {

bool check_track_request(const TrackRequest& request, Diagnostics& diagnostics);

/// size and vertical of the recorded body against the model before it is scaled
bool check_size_and_vertical(const Model& model, const MarkerRecording& recorded, const std::vector<MarkerTask>& tasks,
                             Diagnostics& diagnostics);

/// A body whose left and right names are exchanged, or whose axes are left-handed, is the mirror image of a body: it
/// fits the model badly, and well when it is mirrored.
bool check_mirror_image(const Model& model, const MarkerTrajectory& recording, const std::vector<MarkerTask>& tasks,
                        Diagnostics& diagnostics);

/// root mean square of all marker errors, m
double find_marker_rms(const InverseKinematicsResult& result);

}  // namespace buttress
