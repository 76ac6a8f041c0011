#include "recruit/recruitment_solver.inl"

namespace buttress {

template RecruitmentWorkspace<double> make_recruitment_workspace<double>(const RecruitmentPattern&);
template void solve_recruitment<double>(const RecruitmentPattern&, const RecruitmentProblem<double>&,
                                        const RecruitmentOptions&, RecruitmentWorkspace<double>&);

}  // namespace buttress
