// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDatasetRegistry} from "../interfaces/IDatasetRegistry.sol";
import {IMalformed} from "../interfaces/IMalformed.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IRunRules} from "../interfaces/IRunRules.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {Budget} from "./Budget.sol";
import {ProgramFit} from "./ProgramFit.sol";

/// @notice See {IRunRules}.
contract RunRules is IRunRules {
    uint256 private constant BASIS = 10_000;
    uint256 private constant MAX_SEATS = 256;
    uint256 private constant MAX_DEPTH = 8;

    IParameters private immutable PARAMETERS;
    IMalformed private immutable MALFORMED;
    IModelRegistry private immutable MODELS;
    IDatasetRegistry private immutable DATASETS;

    constructor(IParameters parameters, IMalformed malformed, IModelRegistry models, IDatasetRegistry datasets) {
        (PARAMETERS, MALFORMED, MODELS, DATASETS) = (parameters, malformed, models, datasets);
    }

    /// @inheritdoc IRunRules
    function check(
        bytes calldata encoded,
        bytes calldata programs,
        uint16 epoch
    ) external view returns (uint96 dataPrice) {
        ITrainingRegistry.Terms memory terms = abi.decode(encoded, (ITrainingRegistry.Terms));
        uint256 steps = uint256(terms.rounds) * terms.steps;
        _rule(1, terms.rows != 0 && terms.tensors != 0 && terms.batch != 0 && steps != 0);
        _rule(2, terms.seats != 0 && terms.seats <= MAX_SEATS);
        _rule(3, terms.depth != 0 && terms.depth <= MAX_DEPTH);
        _rule(4, block.timestamp < terms.fundingDeadline && terms.fundingDeadline < terms.deadline);
        _rule(5, uint256(terms.backersShare) + terms.trainersShare + terms.initiatorShare == BASIS);
        _rule(6, uint256(terms.dataRoyalty) + terms.baseRoyalty <= BASIS);
        _rule(7, (terms.seats > 1) == (terms.aggregationProgramId != 0));
        _rule(8, _covered(terms, epoch));
        _rule(9, steps <= type(uint32).max && steps * terms.seats * terms.batch <= type(uint64).max);
        bool scored = terms.scoreProgramId != 0;
        _rule(12, !scored || (terms.seats > 1 && terms.dependantPay == 0));
        _requireFree(terms.programId);
        if (scored) _requireFree(terms.scoreProgramId);
        if (terms.seats > 1) _requireFree(terms.aggregationProgramId);
        if (terms.baseModel != 0) MODELS.ownerOf(terms.baseModel);
        else _rule(6, terms.baseRoyalty == 0);

        (, uint32 rows, , bytes32 typesHash) = DATASETS.version(terms.dataset, terms.version);
        _rule(10, rows == terms.rows);
        address token;
        (token, dataPrice) = DATASETS.priceOf(terms.dataset);
        _rule(11, dataPrice == 0 || token == terms.token);
        _rule(9, Budget.whole(terms, dataPrice) <= type(uint128).max);
        ProgramFit.check(terms, typesHash, programs);
    }

    /// @dev Whether the least compensation of a rejected batch pays all that can stand on it.
    function _covered(ITrainingRegistry.Terms memory terms, uint16 epoch) private view returns (bool) {
        (uint256 slash, , uint256 compensation) = PARAMETERS.slashRules(epoch);
        uint256 lost = (((terms.collateral * slash) / BASIS) * compensation) / BASIS;
        uint256 batches = terms.seats > 1 ? uint256(terms.seats) + 1 : 1;
        return
            terms.collateral >= PARAMETERS.jobRules(epoch).collateralFloor &&
            lost >= terms.depth * batches * terms.dependantPay;
    }

    function _requireFree(bytes32 programId) private view {
        bytes32 reason = MALFORMED.barred(programId);
        require(reason == 0, RunRules_Barred(programId, reason));
    }

    function _rule(uint256 rule, bool kept) private pure {
        require(kept, RunRules_Terms(rule));
    }
}
