// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IAvailability} from "../interfaces/IAvailability.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IParameters} from "../interfaces/IParameters.sol";

/// @notice The life of a demand, whatever it asks for: its bond, its clock, and how it ends. See {IAvailability}.
abstract contract Demands is IAvailability {
    using SafeCast for uint256;

    struct Demand {
        // slot 0
        Status status;
        uint8 extensions;
        uint40 time;
        uint32 blockNumber;
        uint96 bond;
        uint64 fee;
        bool root; // of a segment: asked in the window
        // slot 1: written by the answer
        address answerer;
        uint96 share;
    }

    /// @dev Quarters of a clock after an answer in which follow-ups may begin: two answers in the last second, and the
    /// time to ask three times. Window + 4 (the root) + 9 + 4 (the last follow-up).
    uint256 private constant FOLLOW_UP_QUARTERS = 9;

    IClaims internal immutable CLAIMS;
    IParameters internal immutable PARAMETERS;

    mapping(bytes32 demandId => Demand) internal _demands;

    /// @inheritdoc IAvailability
    mapping(address account => uint256) public credit;

    constructor(IClaims claims, IParameters parameters) {
        CLAIMS = claims;
        PARAMETERS = parameters;
    }

    /// @inheritdoc IAvailability
    function extend(Question calldata question) external {
        bytes32 demandId = _id(question);
        Demand storage demand_ = _require(demandId, Status.Open);
        IParameters.DemandRules memory rules = _rules(question.batchId);
        require(block.basefee > demand_.fee, Availability_Covered(block.basefee, demand_.fee));
        require(!_over(demand_, rules), Availability_TooLate(demandId));
        uint8 extensions = demand_.extensions;
        require(
            extensions < rules.extensions &&
                (extensions == 0 || _passed(demand_.time, demand_.blockNumber, extensions, rules)),
            Availability_NoExtension(extensions)
        );
        demand_.extensions = ++extensions;
        (uint256 endsAt, uint256 endsAtBlock) = _end(demand_, rules);
        emit Extended(demandId, extensions, endsAt, endsAtBlock);
    }

    /// @inheritdoc IAvailability
    function expire(Question calldata question) external {
        bytes32 demandId = _id(question);
        Demand storage demand_ = _require(demandId, Status.Open);
        require(_over(demand_, _rules(question.batchId)), Availability_TooSoon(demandId));
        emit Expired(demandId, question.batchId);
        _divide(demandId, question.demander, demand_, 0);
        CLAIMS.reject(question.batchId, question.leaf, question.demander);
    }

    /// @inheritdoc IAvailability
    function settle(Question calldata question) external {
        bytes32 demandId = _id(question);
        Demand storage demand_ = _demands[demandId];
        Status status = demand_.status;
        require(status == Status.Open || status == Status.Answered, Availability_Status(demandId, status));
        IClaims.State state = CLAIMS.state(question.batchId);
        require(state != IClaims.State.Pending, Availability_Pending(question.batchId));
        _divide(demandId, question.demander, demand_, state == IClaims.State.Final ? demand_.share : 0);
    }

    /// @inheritdoc IAvailability
    function withdraw() external {
        uint256 amount = credit[msg.sender];
        require(amount != 0, Availability_NoCredit(msg.sender));
        credit[msg.sender] = 0;
        emit Withdrawn(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, Availability_Refused(msg.sender));
    }

    /// @inheritdoc IAvailability
    function demand(
        Question calldata question
    )
        external
        view
        returns (
            Status status,
            uint256 bond,
            uint256 fee,
            uint256 endsAt,
            uint256 endsAtBlock,
            address answerer,
            uint256 share
        )
    {
        Demand storage demand_ = _demands[_id(question)];
        status = demand_.status;
        if (status == Status.None) return (status, 0, 0, 0, 0, address(0), 0);
        (endsAt, endsAtBlock) = _end(demand_, _rules(question.batchId));
        (bond, fee) = (demand_.bond, demand_.fee);
        (answerer, share) = (demand_.answerer, demand_.share);
    }

    /// @inheritdoc IAvailability
    function id(Question calldata question) external pure returns (bytes32) {
        return _id(question);
    }

    /// @inheritdoc IAvailability
    function bondFor(bytes32 batchId, uint256 length, uint256 baseFee) external view returns (uint256) {
        return _bond(_gas(length, _rules(batchId)), baseFee);
    }

    function _bonded(
        Question memory question,
        uint256 length,
        IParameters.DemandRules memory rules
    ) internal returns (bytes32) {
        uint256 gasUnits = _gas(length, rules);
        uint256 least = _bond(gasUnits, block.basefee);
        require(msg.value >= least, Availability_Bond(msg.value, least));
        return _ask(question, msg.value, (2 * msg.value) / gasUnits, rules);
    }

    function _ask(
        Question memory question,
        uint256 bond,
        uint256 fee,
        IParameters.DemandRules memory rules
    ) internal returns (bytes32 demandId) {
        demandId = _id(question);
        Demand storage demand_ = _demands[demandId];
        require(demand_.status == Status.None, Availability_Asked(demandId));
        demand_.status = Status.Open;
        (demand_.time, demand_.blockNumber) = (uint40(block.timestamp), block.number.toUint32());
        (demand_.bond, demand_.fee) = (bond.toUint96(), fee.toUint64());
        (uint256 endsAt, uint256 endsAtBlock) = _end(demand_, rules);
        emit Demanded(
            demandId,
            question.batchId,
            question.demander,
            question.leaf,
            question.kind,
            question.index,
            question.first,
            question.count,
            bond,
            fee,
            endsAt,
            endsAtBlock
        );
        CLAIMS.demanded(question.batchId);
    }

    function _divide(bytes32 demandId, address demander, Demand storage demand_, uint256 share) private {
        demand_.status = Status.Settled;
        uint256 rest = demand_.bond - share;
        if (share != 0) credit[demand_.answerer] += share;
        if (rest != 0) credit[demander] += rest;
        emit Settled(demandId, share, rest);
    }

    function _require(bytes32 demandId, Status status) internal view returns (Demand storage demand_) {
        demand_ = _demands[demandId];
        require(demand_.status == status, Availability_Status(demandId, demand_.status));
    }

    function _rules(bytes32 batchId) internal view returns (IParameters.DemandRules memory) {
        return PARAMETERS.demandRules(CLAIMS.batch(batchId).epoch);
    }

    function _over(Demand storage demand_, IParameters.DemandRules memory rules) internal view returns (bool) {
        return _passed(demand_.time, demand_.blockNumber, 1 + uint256(demand_.extensions), rules);
    }

    /// @dev Follow-ups to an answer of that time may begin no more.
    function _tooLate(uint256 time, uint256 start, IParameters.DemandRules memory rules) internal view returns (bool) {
        return
            block.timestamp > time + (FOLLOW_UP_QUARTERS * rules.clockSeconds) / 4 &&
            block.number > start + (FOLLOW_UP_QUARTERS * rules.clockBlocks) / 4;
    }

    /// @dev So many clocks lie behind, in seconds and in blocks.
    function _passed(
        uint256 time,
        uint256 start,
        uint256 clocks,
        IParameters.DemandRules memory rules
    ) private view returns (bool) {
        return
            block.timestamp > time + clocks * rules.clockSeconds && block.number > start + clocks * rules.clockBlocks;
    }

    function _end(
        Demand storage demand_,
        IParameters.DemandRules memory rules
    ) private view returns (uint256 endsAt, uint256 endsAtBlock) {
        uint256 clocks = 1 + uint256(demand_.extensions);
        return (demand_.time + clocks * rules.clockSeconds, demand_.blockNumber + clocks * rules.clockBlocks);
    }

    function _requireCount(uint256 count, uint256 most) internal pure {
        require(count != 0 && count <= most, Availability_Count(count, most));
    }

    function _gas(uint256 length, IParameters.DemandRules memory rules) internal pure returns (uint256) {
        return rules.gasBase + length * rules.gasPerByte;
    }

    /// @dev Half of the answer, rounded up.
    function _bond(uint256 gasUnits, uint256 baseFee) private pure returns (uint256) {
        return (gasUnits * baseFee + 1) / 2;
    }

    function _id(Question memory question) internal pure returns (bytes32) {
        return keccak256(abi.encode(question));
    }
}
