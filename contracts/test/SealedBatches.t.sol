// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Availability} from "../claims/Availability.sol";
import {Claims} from "../claims/Claims.sol";
import {ProtocolParameters} from "../governance/ProtocolParameters.sol";
import {IAvailability} from "../interfaces/IAvailability.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {TestBase} from "./TestBase.sol";

/// @notice Sealing, for any caller, requester and question. This contract is the client of the batches.
contract SealedBatchesTest is TestBase {
    address private constant REFEREE = address(0xEF);
    Claims private _claims;
    Availability private _availability;
    bytes32 private _batchId;

    function setUp() public {
        ProtocolParameters parameters = new ProtocolParameters(address(this), address(0));
        bytes memory rlp = abi.encodePacked(hex"d694", address(this), uint8(3));
        address availability = address(uint160(uint256(keccak256(rlp))));
        _claims = new Claims(parameters, REFEREE, address(1), availability);
        _availability = new Availability(_claims, parameters);
        require(address(_availability) == availability, "address");
        _batchId = _claims.submit("a job", "root", 9, address(2), 1, 1);
    }

    function testFuzz_AStrangerBeginsNoDemandOfASealedBatch(
        address requester,
        address stranger,
        uint8 list,
        uint32 leaf,
        uint32 first
    ) public {
        if (requester == address(0) || requester == stranger) return;
        _claims.seal(_batchId, requester);
        bytes memory refusal = abi.encodeWithSelector(IAvailability.Availability_NotRequester.selector, requester);
        vm.prank(stranger);
        vm.expectRevert(refusal);
        _availability.demandClaim(_batchId, leaf, IAvailability.Kind(list % 4), first, 1);
        vm.prank(stranger);
        vm.expectRevert(refusal);
        _availability.demandSegment(_batchId, leaf, first);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IAvailability.Availability_NotBelow.selector));
        _availability.demandBytes(_batchId, leaf, IAvailability.Kind.Value, 0, first, 1, "");
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IAvailability.Availability_NotBelow.selector));
        _availability.demandOperator(_batchId, leaf, 0, "");
        vm.prank(stranger);
        vm.expectRevert(refusal);
        _availability.appoint(_batchId, stranger);
    }

    function testFuzz_TheRequesterAndWhomItAppointsDemand(address requester, address verifier, uint8 leaf) public {
        if (requester == address(0)) return;
        _claims.seal(_batchId, requester);
        vm.prank(requester);
        _availability.demandSegment(_batchId, leaf % 9, 0);
        vm.prank(requester);
        _availability.appoint(_batchId, verifier);
        vm.prank(verifier);
        _availability.demandClaim(_batchId, leaf % 9, IAvailability.Kind.Values, 0, 1);
        assertEq(_claims.openDemands(_batchId), 2, "open demands");
    }

    function testFuzz_OnlyTheClientSealsAndOnlyInTheBlockOfTheSubmission(
        address caller,
        address asker,
        uint16 blocks
    ) public {
        if (caller == address(this) || caller == address(0)) return;
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(IClaims.Claims_NotAdjudicator.selector, caller));
        _claims.seal(_batchId, asker);
        pass(1, uint256(blocks) + 1);
        vm.expectRevert(abi.encodeWithSelector(IClaims.Claims_SealedLate.selector, _batchId));
        _claims.seal(_batchId, asker);
        require(_claims.askerOf(_batchId) == address(0), "sealed");
    }
}
