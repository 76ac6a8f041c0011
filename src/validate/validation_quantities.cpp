#include "validate/validation_quantities.h"

namespace buttress {

const std::vector<QuantityTitle>& list_quantity_titles() {
  static const std::vector<QuantityTitle> kTitles = {
      {"hip_contact", "Hip contact force", "%BW", 0, 0.25, false, true,
       "Peak of the resultant force in the joint, per cent of body weight, of the side with the larger one. Measured "
       "in four "
       "people with instrumented hip prostheses."},
      {"knee_contact", "Knee contact force", "%BW", 0, 0.30, false, true,
       "Peak of the resultant tibiofemoral force, per cent of body weight, of the side with the larger one. Measured "
       "in five people "
       "with instrumented knee prostheses."},
      {"hip_gravity_share", "Gravity and speeds in hip contact force", "%", 1, 0, false, false,
       "What gravity and centrifugal terms make of the hip's contact force by themselves: the skeleton falls, the "
       "ground pushes where "
       "the foot touches, no muscle pulls (`src/load/skeleton_reaction.h`); at the instant of the peak in walking. "
       "Correa 2010 found below "
       "5 % in a model of measured walking; the bar is 10 %."},
      {"disc_pressure", "L4-L5 compression over quiet standing", "", 2, 0.25, false, true,
       "Peak compression over that in quiet standing, against peak pressure in the disc L4-L5 over that in standing "
       "(0.50 MPa), of one "
       "volunteer. Pressure follows compression closely, but not exactly when the disc is bent."},
      {"emg_gluteus_medius", "Gluteus medius against surface EMG", "%", 0, 0, true, true,
       "Activation, mean over the fascicles of the muscle weighted by their strength, as peak or mean over the "
       "movement as the paper "
       "has it, against EMG in per cent of a maximal voluntary contraction. Several papers on one exercise are "
       "averaged; the grey "
       "bars span their means with standard deviations."},
      {"emg_gluteus_maximus", "Gluteus maximus against surface EMG", "%", 0, 0, true, true,
       "As for gluteus medius, but of the two upper of its three parts: the electrodes lie between the sacrum at the "
       "height of its second "
       "vertebra and the trochanter, within 25 mm of the lines of both, and 60 mm or more above the line of the lowest "
       "part. (Those of the "
       "medius lie over its middle part, about as far from the front part as from the rear one.)"},
      {"gluteal_to_tfl_index", "Gluteal-to-TFL index", "", 0, 0, false, true,
       "(medius\u00b2 + upper maximus\u00b2) / (2 tensor) of mean activations in per cent, against the same of "
       "fine-wire EMG "
       "(Selkowitz 2013). Only the order is compared: the index has no upper end when the tensor falls silent."},
      {"fine_wire_gluteus_medius", "Gluteus medius against fine-wire EMG", "%", 0, 0, false, false,
       "The parts of the index, for the eye only."},
      {"fine_wire_gluteus_maximus_upper", "Upper gluteus maximus against fine-wire EMG", "%", 0, 0, false, false, ""},
      {"fine_wire_tensor_fasciae_latae", "Tensor fasciae latae against fine-wire EMG", "%", 0, 0, false, false, ""},
      {"vertebral_order", "Exercises that load the spine less or more than walking", "of walking", 2, 0, false, false,
       "Peak compression at L2-L3 over that in walking. In five people with instrumented vertebral body replacements "
       "at L1 or L3 (and rods "
       "beside them) these exercises were found clearly below or at least as high as walking; only that is compared."},
      {"vertebral_share", "Vertebral body replacement, per cent of standing", "%", 0, 0, false, false,
       "Orders of magnitude only."},
      {"model_spine_compression", "L4-L5 compression against other models", "N", 0, 0, false, false,
       "Those models took their muscle forces from EMG, co-contraction included. They are models, not measurements."},
  };
  return kTitles;
}

}  // namespace buttress
